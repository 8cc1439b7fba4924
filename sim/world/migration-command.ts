/** What the timeline does to migrations that are under way; where there is nothing to do it to, the run's warnings say so. */
import type { EventHandler, Simulation } from "../kernel/simulation.ts";
import type { CommandEntry } from "../scenario/scenario.ts";
import type { MigrationRun } from "./migration-run.ts";

export class MigrationCommand implements EventHandler {
  private readonly simulation: Simulation;
  private readonly runs: readonly MigrationRun[];
  private readonly entry: CommandEntry;
  private readonly warnings: string[];

  /** `runs` grows as the timeline is read; a warning is added to `warnings`. */
  constructor(simulation: Simulation, runs: readonly MigrationRun[], entry: CommandEntry, warnings: string[]) {
    this.simulation = simulation;
    this.runs = runs;
    this.entry = entry;
    this.warnings = warnings;
  }

  onEvent(): void {
    const { entry, warnings } = this;
    const { vm } = entry;
    const at = `at ${this.simulation.now} s`;
    const open = this.runs.filter((run) => run.vm === vm && run.isOpen);
    if (open.length === 0) warnings.push(`There was no migration of ${vm} to ${VERBS[entry.kind]} ${at}.`);
    for (const run of open) {
      if (!this.carryOut(run, at)) {
        warnings.push(`The migration of ${vm} could not be ${PARTICIPLES[entry.kind]} ${at}: ${this.whyNot(run)}.`);
      }
    }
  }

  private carryOut(run: MigrationRun, at: string): boolean {
    const { entry } = this;
    switch (entry.kind) {
      case "cancel":
        return run.cancel("cancelled", `It was cancelled ${at}.`);
      case "startPostcopy":
        return run.startPostCopy("post-copy-command", `a command ${at}`);
      case "recoverPostcopy":
        return run.recoverPostCopy();
      case "continue":
        return run.continueSwitchover();
      case "set": {
        const { downtimeLimitSeconds, maxBandwidthBytesPerSecond: limit } = entry;
        return run.changeLimits({
          ...(downtimeLimitSeconds === undefined ? {} : { downtimeLimitSeconds }),
          ...(limit === undefined
            ? {}
            : { maxBandwidthBytesPerSecond: limit === 0 ? Number.POSITIVE_INFINITY : limit }),
        });
      }
    }
  }

  private whyNot(run: MigrationRun): string {
    switch (run.phase) {
      case "waiting":
        return "it waited its turn";
      case "setup":
        return "it was being set up";
      case "post-copy":
        if (this.entry.kind === "recoverPostcopy")
          return "it had not lost its connection, or its network was cut still";
        return "the guest had gone to the target, and its memory was in two places";
      case "blackout":
        return "the guest stood still already";
      case "pre-switchover":
        return "the guest had been stopped for the switchover";
      default:
        return WHY_NOT_IN_PRECOPY[this.entry.kind];
    }
  }
}

const VERBS: Readonly<Record<CommandEntry["kind"], string>> = {
  cancel: "cancel",
  set: "set limits of",
  startPostcopy: "take to post-copy",
  recoverPostcopy: "recover",
  continue: "continue",
};

const PARTICIPLES: Readonly<Record<CommandEntry["kind"], string>> = {
  cancel: "cancelled",
  set: "given new limits",
  startPostcopy: "taken to post-copy",
  recoverPostcopy: "recovered",
  continue: "continued",
};

const WHY_NOT_IN_PRECOPY: Readonly<Record<CommandEntry["kind"], string>> = {
  cancel: "its model does not allow it",
  set: "its profile has no such limits",
  recoverPostcopy: "it was not in post-copy",
  startPostcopy: "its mode is not post-copy, or post-copy had been asked for",
  continue: "the guest had not been stopped",
};
