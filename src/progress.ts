/** Progress of work that lasts, on a terminal's standard error alone. */

/** How far work has come. */
export interface Progress {
  done: number;
  total: number;
  /** What is counted, in the plural. */
  of: string;
  /** How much of it was done before; the rest's pace is not to be taken from it. Default none. */
  before?: number;
}

/** Quicker work shows nothing. */
const QUIET_MILLISECONDS = 1000;

const REPAINT_MILLISECONDS = 250;

/** Moves to the line's beginning and clears it. */
const CLEAR_LINE = "\r\u001b[K";

export interface ProgressLine {
  update(progress: Progress): void;
  /** Takes the line away. */
  end(): void;
}

/** Begins a line of progress; without a terminal, or on a dumb one, nothing is ever shown. */
export function beginProgress(quiet: boolean): ProgressLine {
  const { stderr } = process;
  if (quiet || !stderr.isTTY || process.env.TERM === "dumb") return { update() {}, end() {} };
  const begun = performance.now();
  let latest: Progress | null = null;
  let shown = false;
  const timer = setInterval(() => {
    const elapsedSeconds = (performance.now() - begun) / 1000;
    if (elapsedSeconds * 1000 < QUIET_MILLISECONDS) return;
    shown = true;
    stderr.write(CLEAR_LINE + formatProgress(latest, elapsedSeconds));
  }, REPAINT_MILLISECONDS);
  return {
    update(progress) {
      latest = progress;
    },
    end() {
      clearInterval(timer);
      if (shown) stderr.write(CLEAR_LINE);
    },
  };
}

/** `12 of 160 runs, 4 s so far, about 49 s to go; Ctrl-C stops`. */
export function formatProgress(progress: Progress | null, elapsedSeconds: number): string {
  const elapsed = `${Math.floor(elapsedSeconds)} s so far`;
  const before = progress?.before ?? 0;
  if (progress === null || progress.done === before) return `simulating, ${elapsed}; Ctrl-C stops`;
  const { done, total, of } = progress;
  const remaining = Math.ceil((elapsedSeconds / (done - before)) * (total - done));
  return `${done} of ${total} ${of}, ${elapsed}, about ${remaining} s to go; Ctrl-C stops`;
}
