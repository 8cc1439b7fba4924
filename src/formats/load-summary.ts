/** Load balancing and consolidations for people: what moved, what it was good for, what it cost. */
import {
  type BalanceResult,
  type ConsolidationResult,
  formatCount,
  formatSeconds,
  formatShare,
  type RunResult,
} from "../../sim/index.ts";
import { wrap } from "./wrap.ts";

export function describeLoads({ balances = [], consolidations = [] }: RunResult): string[][] {
  return [...balances.map(describeBalance), ...consolidations.map(describeConsolidation)].map((text) => wrap(text));
}

function describeBalance(balance: BalanceResult): string {
  const { method, looks, tips, moved, failed, deviationAtStart, deviationAtEnd } = balance;
  const { unmetProcessorSeconds, unmetUnmovedProcessorSeconds } = balance;
  const seen = tips === undefined ? times(looks, "look") : times(tips, "tip");
  return (
    `Load balancing by ${method}: ${seen}, ${machines(moved)} moved${failed === 0 ? "" : `, ${formatCount(failed)} failed`}. ` +
    `Hosts differed by ${formatShare(deviationAtStart)} of their limits at its start and ${formatShare(deviationAtEnd)} at its end ` +
    `(standard deviation). Machines missed ${processorTime(unmetProcessorSeconds)}, and ` +
    `${processorTime(unmetUnmovedProcessorSeconds)} had none been moved.`
  );
}

function describeConsolidation(consolidation: ConsolidationResult): string {
  const { nodes, moved, failed, baselineJoules, hostsJoules, migrationsJoules, savedJoules } = consolidation;
  const { downtimeSeconds, worstClientOutageSeconds } = consolidation;
  const off = nodes.filter(({ outcome }) => outcome === "powered-off");
  const hours = off.reduce((sum, { offSeconds }) => sum + (offSeconds ?? 0), 0);
  const worst =
    worstClientOutageSeconds === null ? "" : `, the worst client outage ${formatSeconds(worstClientOutageSeconds)}`;
  return (
    `Consolidation: ${formatCount(off.length)} of ${times(nodes.length, "host")} emptied and powered off, ${formatSeconds(hours)} in all. ` +
    `${kilowattHours(baselineJoules)} without it, ${kilowattHours(hostsJoules)} with it and ${kilowattHours(migrationsJoules)} for ` +
    `migrations: ${kilowattHours(savedJoules)} saved. The price: ${times(moved, "migration")}${failed === 0 ? "" : `, ${formatCount(failed)} failed`}, ` +
    `machines stood still for ${formatSeconds(downtimeSeconds)} in all${worst}.`
  );
}

const times = (count: number, what: string) => `${formatCount(count)} ${what}${count === 1 ? "" : "s"}`;
const machines = (count: number) => times(count, "machine");
const processorTime = (seconds: number) => `${formatSeconds(seconds)} of a processor`;
const kilowattHours = (joules: number) => `${(joules / 3.6e6).toFixed(3)} kWh`;
