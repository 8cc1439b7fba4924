/** The stretch of time that the charts show: all of it, or what was chosen. Arithmetic alone. */
import type { Span } from "./migration-timeline.ts";

/** No stretch is shorter than this part of the whole: below it, floating point and pixels no longer agree. */
const LEAST_SHARE = 1e-9;

export function lengthOf(span: Span): number {
  return span.endSeconds - span.startSeconds;
}

/** `span` moved and cut so that it lies in `whole`; null, which stands for all of it, where it covers the whole. */
export function fitInto(span: Span, whole: Span): Span | null {
  const most = lengthOf(whole);
  const length = Math.min(Math.max(lengthOf(span), most * LEAST_SHARE), most);
  if (!(length < most)) return null;
  const startSeconds = Math.min(Math.max(span.startSeconds, whole.startSeconds), whole.endSeconds - length);
  return { startSeconds, endSeconds: startSeconds + length };
}

/** `span` made `factor` times as long, `about` staying where it is on the screen. */
export function zoomed(span: Span, whole: Span, factor: number, about: number): Span | null {
  const at = Math.min(Math.max(about, span.startSeconds), span.endSeconds);
  const startSeconds = at - (at - span.startSeconds) * factor;
  return fitInto({ startSeconds, endSeconds: startSeconds + lengthOf(span) * factor }, whole);
}

/** A time that is to be at a place: a share of the way from the start of what is shown to its end. */
export interface Pin {
  seconds: number;
  share: number;
}

/** Fingers nearer to each other than this are one. */
const LEAST_APART = 1e-3;

/** The stretch that has both times at their places; undefined where there is none, as when the fingers have crossed. */
export function stretched(one: Pin, other: Pin, whole: Span): Span | null | undefined {
  const apart = other.share - one.share;
  const length = (other.seconds - one.seconds) / apart;
  if (!(Math.abs(apart) > LEAST_APART) || !(length > 0)) return undefined;
  const startSeconds = one.seconds - one.share * length;
  return fitInto({ startSeconds, endSeconds: startSeconds + length }, whole);
}

/** `span` moved by a share of its length. */
export function panned(span: Span, whole: Span, share: number): Span | null {
  const by = lengthOf(span) * share;
  return fitInto({ startSeconds: span.startSeconds + by, endSeconds: span.endSeconds + by }, whole);
}

/** The chosen stretch, or the next or former one of its length where t lies outside: what plays stays in sight. */
export function pageOf(whole: Span, chosen: Span | null, t: number): Span | null {
  if (chosen === null || (t >= chosen.startSeconds && t <= chosen.endSeconds)) return chosen;
  const length = lengthOf(chosen);
  const startSeconds = chosen.startSeconds + Math.floor((t - chosen.startSeconds) / length) * length;
  return fitInto({ startSeconds, endSeconds: startSeconds + length }, whole);
}
