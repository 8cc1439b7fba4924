/** Asks the server for a trace as it grows, to its end. */

/** Wall time between two questions to a server that failed to answer. */
const RETRY_MILLIS = 2000;
/** Showing what came takes at most this share of the time: the rest is the reader's. */
const SHOWING_SHARE = 0.2;

/** Gets the trace. */
export interface Follower {
  /** More of its text; `ended`: and that is all. */
  more(text: string, ended: boolean): void;
  /** The file was cut, or another has taken its place: what comes is a trace from its start. */
  restarted(): void;
  /** The server does not answer; asked again until it does. */
  lost(): void;
}

export async function followTrace(path: string, follower: Follower): Promise<void> {
  let decoder = new TextDecoder();
  let offset = 0;
  let identity = "";
  for (;;) {
    const answer = await fetch(`${path}?from=${offset}&of=${encodeURIComponent(identity)}`).catch(() => null);
    const bytes = answer?.ok === true ? await answer.arrayBuffer().catch(() => null) : null;
    if (answer === null || bytes === null) {
      follower.lost();
      await pause(RETRY_MILLIS);
      continue;
    }
    identity = answer.headers.get("X-Precopy-Of") ?? "";
    if (answer.headers.get("X-Precopy-Restarted") === "true") {
      decoder = new TextDecoder();
      offset = 0;
      follower.restarted();
      continue;
    }
    const ended = answer.headers.get("X-Precopy-Ended") === "true";
    offset += bytes.byteLength;
    const started = performance.now();
    follower.more(decoder.decode(bytes, { stream: !ended }), ended);
    if (ended) return;
    await pause((performance.now() - started) * (1 / SHOWING_SHARE - 1));
  }
}

function pause(millis: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, millis));
}
