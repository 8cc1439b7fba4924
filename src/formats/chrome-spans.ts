/** Spans on tracks: the rules of the Chrome trace form, in which spans of one track must nest. */

export interface Span {
  startNanoseconds: number;
  endNanoseconds: number;
  name: string;
  category: string;
  arguments: Record<string, unknown>;
}

/** Earlier first; of two that start together the longer first, since it is the one around the other. */
export function compareSpans(a: Span, b: Span): number {
  return a.startNanoseconds - b.startNanoseconds || b.endNanoseconds - a.endNanoseconds;
}

/**
 * Deals spans out to as few tracks as greed finds: a span goes to the first track on which it lies wholly inside or
 * wholly after those that are there.
 */
export function nestOnTracks(spans: readonly Span[]): Span[][] {
  const tracks: { spans: Span[]; open: Span[] }[] = [];
  for (const span of [...spans].sort(compareSpans)) {
    let placed = false;
    for (const track of tracks) {
      while (track.open.length > 0 && (track.open.at(-1) as Span).endNanoseconds <= span.startNanoseconds)
        track.open.pop();
      const around = track.open.at(-1);
      if (around !== undefined && span.endNanoseconds > around.endNanoseconds) continue;
      track.spans.push(span);
      track.open.push(span);
      placed = true;
      break;
    }
    if (!placed) tracks.push({ spans: [span], open: [span] });
  }
  return tracks.map((track) => track.spans);
}

/** The form's times are microseconds; whole nanoseconds keep nested spans nested where sums of fractions would not. */
export function toNanoseconds(seconds: number): number {
  return Math.round(seconds * 1e9);
}

export function toMicroseconds(nanoseconds: number): number {
  return nanoseconds / 1000;
}
