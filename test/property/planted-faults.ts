/** Dirty logs with one fault each, such as a careless rewrite could bring. */
import type { Stretch } from "../../sim/memory/dirty-log.ts";
import type { StatisticalDirtyLog } from "../../sim/memory/statistical-dirty-log.ts";

type LogClass = typeof StatisticalDirtyLog;
export type LogArguments = ConstructorParameters<LogClass>;
/** Makes the log with the fault of the log without. */
export type Fault = (Log: LogClass) => LogClass;

/** What the double of the statistical log reaches into: its segments, which no interface shows. */
interface Segments {
  segments: { all: { region: { zero: boolean }; pages: number; pending: number }[] };
}

/** At each read of the bitmap, pages that still wait are taken to be sent. */
export const remainderDropped: Fault = (Log) => {
  class Forgetful extends Log {
    private readonly left: Stretch = { pages: 0, zero: false };

    override sync(atSeconds: number): number {
      for (;;) {
        this.nextStretch(this.left);
        if (this.left.pages === 0) break;
        this.send(this.left.pages, atSeconds, atSeconds);
      }
      return super.sync(atSeconds);
    }
  }
  return Forgetful;
};

/** After each read, the waiting pages are spread evenly over all memory in use: one density, as if hot and cold were one. */
export const oneDensity: Fault = (Log) => {
  class Even extends Log {
    override sync(atSeconds: number): number {
      const added = super.sync(atSeconds);
      const used = (this as unknown as Segments).segments.all.filter(({ region }) => !region.zero);
      const pages = used.reduce((sum, segment) => sum + segment.pages, 0);
      const pending = used.reduce((sum, segment) => sum + segment.pending, 0);
      let pagesBefore = 0;
      for (const segment of used) {
        const before = Math.round((pagesBefore / pages) * pending);
        pagesBefore += segment.pages;
        segment.pending = Math.round((pagesBefore / pages) * pending) - before;
      }
      return added;
    }
  }
  return Even;
};

/** The scan pointer's place is forgotten: before it and after it, pages of one kind are taken to wait alike. */
export const pointerForgotten: Fault = (Log) => {
  class Blurred extends Log {
    override sync(atSeconds: number): number {
      const added = super.sync(atSeconds);
      const segments = (this as unknown as Segments).segments.all;
      for (let first = 0; first < segments.length; ) {
        const { region } = segments[first];
        let end = first;
        let pages = 0;
        let pending = 0;
        for (; end < segments.length && segments[end].region === region; end += 1) {
          pages += segments[end].pages;
          pending += segments[end].pending;
        }
        let pagesBefore = 0;
        for (; first < end; first += 1) {
          const before = Math.round((pagesBefore / pages) * pending);
          pagesBefore += segments[first].pages;
          segments[first].pending = Math.round((pagesBefore / pages) * pending) - before;
        }
      }
      return added;
    }
  }
  return Blurred;
};

/** Tracking is armed at the read of the bitmap, whatever the hypervisor does. */
export const armedAtSync: Fault = (Log) => {
  return class extends Log {
    constructor(...[memory, activity, , random]: LogArguments) {
      super(memory, activity, { kind: "at-sync" }, random);
    }
  };
};
