/** Progress of work that lasts, on a terminal's standard error alone. */

/** How far work has come. */
export interface Progress {
  done: number;
  total: number;
  /** What is counted, in the plural; null where it is shares of the whole. */
  of: string | null;
  /** How much of it was done before; the rest's pace is not to be taken from it. Default none. */
  before?: number;
}

/** Quicker work shows nothing. */
const QUIET_MILLISECONDS = 1000;

const REPAINT_MILLISECONDS = 250;

const HOW_TO_STOP = "; Ctrl-C stops";

const USUAL_COLUMNS = 80;

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
    stderr.write(CLEAR_LINE + fitLine(formatProgress(latest, elapsedSeconds), stderr.columns));
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

/** `12 of 160 runs, 4 s so far, about 49 s to go; Ctrl-C stops`, or `7 %, 4 s so far, ...`. */
export function formatProgress(progress: Progress | null, elapsedSeconds: number): string {
  const elapsed = `${Math.floor(elapsedSeconds)} s so far`;
  const before = progress?.before ?? 0;
  if (progress === null || progress.done === before) return `simulating, ${elapsed}${HOW_TO_STOP}`;
  const { done, total, of } = progress;
  const remaining = Math.ceil((elapsedSeconds / (done - before)) * (total - done));
  const count = of === null ? `${Math.floor((done / total) * 100)} %` : `${done} of ${total} ${of}`;
  return `${count}, ${elapsed}, about ${remaining} s to go${HOW_TO_STOP}`;
}

/**
 * The line in a terminal of so many columns, of which the last stays empty: a line that goes on in the next one could not be
 * taken away. Unknown or no columns: 80.
 */
export function fitLine(line: string, columns: number | undefined): string {
  const room = (columns || USUAL_COLUMNS) - 1;
  return line.length <= room ? line : line.replace(HOW_TO_STOP, "").slice(0, room);
}
