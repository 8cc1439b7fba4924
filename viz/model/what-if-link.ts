/** Changed numbers as fields of an address. */
import { PAGE_BYTES } from "../simulator.ts";
import type { WhatIf } from "./what-if.ts";

const MODES = ["live", "quick", "post-copy"] as const;

/** The number of a field, where it is there and within the bounds. */
export type ReadNumber = (name: string, least: number, greatest: number) => number | undefined;

/** @param prefix before each field's name: empty for the present run's numbers */
export function whatIfFields(numbers: WhatIf, prefix: string): [string, string | number | undefined][] {
  const fields: [string, string | number | undefined][] = [
    ["memory", numbers.memoryBytes],
    ["used", numbers.usedShare],
    ["writes", numbers.writeRateFactor],
    ["link", numbers.linkBytesPerSecond],
    ["limit", numbers.downtimeLimitSeconds ?? undefined],
    ["profile", numbers.profile],
    ["seed", numbers.seed],
    ["workload", numbers.workload],
    ["mode", numbers.mode],
    ["mtu", numbers.mtuBytes],
    ["loss", numbers.packetLossShare],
  ];
  return fields.map(([name, value]) => [`${prefix}${name}`, value]);
}

/** All numbers or none: a part of them would be another question. */
export function readWhatIf(
  text: (name: string) => string | null,
  number: ReadNumber,
  prefix: string,
): WhatIf | undefined {
  const of = (name: string, least: number, greatest: number): number | undefined =>
    number(`${prefix}${name}`, least, greatest);
  const memoryBytes = of("memory", PAGE_BYTES, 2 ** 53);
  const usedShare = of("used", 0, 1);
  const writeRateFactor = of("writes", 0, 1e6);
  const linkBytesPerSecond = of("link", 1, 1e15);
  const profile = text(`${prefix}profile`);
  const seed = text(`${prefix}seed`);
  if (memoryBytes === undefined || usedShare === undefined || writeRateFactor === undefined) return undefined;
  if (linkBytesPerSecond === undefined || profile === null || seed === null || seed === "") return undefined;
  const downtimeLimitSeconds = of("limit", 0, 1e6) ?? null;
  const mode = MODES.find((each) => each === text(`${prefix}mode`));
  const workload = text(`${prefix}workload`);
  const mtuBytes = of("mtu", 576, 65_535);
  const packetLossShare = of("loss", 0, 1);
  return {
    memoryBytes,
    usedShare,
    writeRateFactor,
    linkBytesPerSecond,
    downtimeLimitSeconds,
    profile,
    seed,
    ...(workload === null || workload === "" ? {} : { workload }),
    ...(mode === undefined ? {} : { mode }),
    ...(mtuBytes === undefined ? {} : { mtuBytes }),
    ...(packetLossShare === undefined ? {} : { packetLossShare }),
  };
}
