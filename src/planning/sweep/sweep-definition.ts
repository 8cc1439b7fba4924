/** A sweep, whole: from this alone every task follows, on whichever machine and in whichever order it is done. */
import { createHash } from "node:crypto";
import { ENGINE_VERSION } from "../../../sim/index.ts";
import { seedAt } from "../trials.ts";
import type { SweepAxis } from "./sweep-axis.ts";
import { pointCount, type SweepDesign } from "./sweep-design.ts";

/** Plain data: it crosses to threads and machines. */
export interface SweepDefinition {
  /** What messages call the scenario. */
  readonly source: string;
  /** What its file holds. */
  readonly text: string;
  /** Set over it before the parameters, by dotted path. */
  readonly settings: Readonly<Record<string, string | number | boolean>>;
  readonly axes: readonly SweepAxis[];
  readonly design: SweepDesign;
  /** The first seed of each point. */
  readonly seed: string;
  /** Seeds a point; the same at each, so that points differ by their parameters alone. */
  readonly seeds: number;
  /** A module with a convergence rule of one's own; null for the hypervisor's. */
  readonly policy: { readonly path: string; readonly sha256: string } | null;
  /** Of the scenario before its parameters are set. */
  readonly scenario: { readonly name: string; readonly sha256: string };
}

/** Consecutive tasks, the last not included. */
export interface TaskRange {
  readonly from: number;
  readonly to: number;
}

/** Task indices stay exact, and rows can be counted. */
export const MOST_TASKS = 1_000_000_000;

/** A task is one point with one seed. Seeds change fastest. */
export function taskCount({ axes, design, seeds }: Pick<SweepDefinition, "axes" | "design" | "seeds">): number {
  return pointCount(axes, design) * seeds;
}

export function pointOfTask({ seeds }: SweepDefinition, task: number): number {
  return Math.floor(task / seeds);
}

export function seedOfTask({ seed, seeds }: SweepDefinition, task: number): string {
  return seedAt(seed, task % seeds);
}

/** Names the sweep by all that its rows follow from. */
export function sweepId({ text, settings, axes, design, seed, seeds, policy }: SweepDefinition): string {
  const parts = {
    version: ENGINE_VERSION,
    text,
    settings,
    policy: policy === null ? null : policy.sha256,
    design,
    axes,
    seed,
    seeds,
  };
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}

/** The `shard`th of `shards` equal parts, counted from 1. */
export function rangeOfShard(tasks: number, shard: number, shards: number): TaskRange {
  return { from: Math.floor((tasks * (shard - 1)) / shards), to: Math.floor((tasks * shard) / shards) };
}
