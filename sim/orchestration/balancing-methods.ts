/**
 * What evens the load of hosts out. All methods are one mechanism with parameters of their own: at its period a method looks
 * for hosts that are too full, or for hosts that differ too much, and moves the machine whose move relieves the busiest most.
 */
import type { ParameterTable, ParameterValues } from "../kernel/parameter.ts";

/** What one method has for each parameter: its value, and what stands behind it. */
interface Given {
  readonly value: number;
  readonly source: string;
  readonly provenance?: "documented";
}

interface MethodSettings {
  readonly every: Given;
  readonly processorLimit: Given;
  readonly memoryLimit: Given;
  readonly deviationLimit: Given;
  readonly leastGain: Given;
  readonly mostMoves: Given;
  readonly sustained: Given;
  readonly answer: Given;
}

function tableOf(settings: MethodSettings) {
  const { every, processorLimit, memoryLimit, deviationLimit, leastGain, mostMoves, sustained, answer } = settings;
  const assumed = "assumed" as const;
  return {
    everySeconds: {
      provenance: assumed,
      ...every,
      kind: "seconds",
      meaning: "Time between two looks at the hosts, the first at the entry's own time.",
      least: 1,
      greatest: 86_400,
    },
    processorLimitShare: {
      provenance: assumed,
      ...processorLimit,
      kind: "share",
      meaning: "A host is too busy where more of its logical processors are asked for.",
      least: 0.01,
      greatest: 1,
    },
    memoryLimitShare: {
      provenance: assumed,
      ...memoryLimit,
      kind: "share",
      meaning: "A host is too full where more of its memory is given to machines.",
      least: 0.01,
      greatest: 1,
    },
    deviationLimitShare: {
      provenance: assumed,
      ...deviationLimit,
      kind: "share",
      meaning: "Hosts differ too much where the standard deviation of their load is above this; 100 % never.",
      least: 0,
      greatest: 1,
    },
    leastGainShare: {
      provenance: assumed,
      ...leastGain,
      kind: "share",
      meaning: "Load that a move must take from the busier of its two hosts: lower is more aggressive.",
      least: 0.001,
      greatest: 1,
    },
    mostMoves: {
      provenance: assumed,
      ...mostMoves,
      kind: "count",
      meaning: "Machines that are moved at one look, at most.",
      least: 1,
      greatest: 10_000,
    },
    sustainedSeconds: {
      provenance: assumed,
      ...sustained,
      kind: "seconds",
      meaning: "Hosts must have been out of balance for so long.",
      least: 0,
      greatest: 86_400,
    },
    answerSeconds: {
      provenance: assumed,
      ...answer,
      kind: "seconds",
      meaning: "Time from a tip until it is carried out; 0 where that is automatic.",
      least: 0,
      greatest: 86_400,
    },
  } as const satisfies ParameterTable;
}

export type BalancingTable = ReturnType<typeof tableOf>;
export type BalancingValues = ParameterValues<BalancingTable>;

export interface BalancingMethod {
  readonly name: string;
  readonly title: string;
  /** Whether it tells an operator, or whoever acts for him, before it moves anything. */
  readonly givesTips: boolean;
  readonly parameters: BalancingTable;
}

const SCVMM_MEMORY = "From memory, SCVMM's host groups: hosts keep some hundred MB free; as a share here.";
const NO_DEVIATION = "SCVMM looks at each host's thresholds, not at how much hosts differ.";
const AT_ONCE = { value: 0, source: "It acts on what it sees at the time." };
const OF_ITSELF = { value: 0, source: "It acts by itself." };

export const BALANCING_METHODS: readonly BalancingMethod[] = [
  {
    name: "dynamic-optimisation",
    title: "SCVMM 2012 dynamic optimisation",
    givesTips: false,
    parameters: tableOf({
      every: {
        value: 600,
        source: "Microsoft, SCVMM 2012: dynamic optimisation, every 10 minutes by default.",
        provenance: "documented",
      },
      processorLimit: { value: 0.7, source: "From memory, SCVMM's host groups: 30 % of the processors kept free." },
      memoryLimit: { value: 0.9, source: SCVMM_MEMORY },
      deviationLimit: { value: 1, source: NO_DEVIATION },
      leastGain: {
        value: 0.05,
        source: "Medium aggressiveness is the documented default; what load it asks a move to take away is not told.",
      },
      mostMoves: { value: 10, source: "Not told; enough that one look settles most imbalances." },
      sustained: AT_ONCE,
      answer: OF_ITSELF,
    }),
  },
  {
    name: "pro-tips",
    title: "SCVMM 2008 R2 PRO tips from Operations Manager",
    givesTips: true,
    parameters: tableOf({
      every: { value: 60, source: "Operations Manager's agents sample counters about once a minute." },
      processorLimit: { value: 0.75, source: "An alert's threshold of the usual height." },
      memoryLimit: { value: 0.9, source: SCVMM_MEMORY },
      deviationLimit: { value: 1, source: "Alerts are about one host." },
      leastGain: { value: 0.05, source: "As dynamic optimisation." },
      mostMoves: { value: 1, source: "A tip names one machine." },
      sustained: { value: 300, source: "An alert is raised after several samples above its threshold." },
      answer: { value: 0, source: "Tips can be carried out by themselves; an operator takes as long as he takes." },
    }),
  },
  {
    name: "drs",
    title: "vCenter, like DRS",
    givesTips: false,
    parameters: tableOf({
      every: { value: 300, source: "From memory: DRS looks every 5 minutes." },
      processorLimit: { value: 1, source: "DRS compares hosts with each other." },
      memoryLimit: { value: 1, source: "DRS compares hosts with each other." },
      deviationLimit: {
        value: 0.1,
        source: "DRS has a target for this deviation by its migration threshold; not told.",
      },
      leastGain: { value: 0.03, source: "DRS weighs a move's gain against its cost; not told how." },
      mostMoves: { value: 1000, source: "As many as the target takes." },
      sustained: AT_ONCE,
      answer: OF_ITSELF,
    }),
  },
];
