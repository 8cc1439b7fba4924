/** What is told of a trace that is still being written: that it goes on, how far it is, and a button that stays with it. */
import { formatCount, formatMoment } from "../model/format.ts";
import { byId } from "./elements.ts";

export interface LiveBar {
  /** So much has been read. */
  show(events: number, seconds: number): void;
  /** The player stands at the end of what has been read, or not. */
  moved(atEnd: boolean): void;
  /** Said in place of whether the page follows, as long as it holds; null: nothing stands in the way. */
  trouble(sentence: string | null): void;
  /** The trace has come to its end. */
  end(): void;
}

/** @param toEnd asked for by the button */
export function liveBar(toEnd: () => void): LiveBar {
  const bar = byId("live");
  const button = byId("live-follow");
  const status = byId("live-status");
  const count = byId("live-count");
  let atEnd = true;
  let trouble: string | null = null;

  /** Written only where it changes: it is read aloud. */
  function tell(): void {
    const following = atEnd
      ? "The trace is still being written: the page follows it."
      : "The trace is still being written; the page stays at this moment.";
    const sentence = trouble ?? following;
    if (status.textContent !== sentence) status.textContent = sentence;
    button.setAttribute("aria-pressed", String(atEnd));
  }

  button.addEventListener("click", toEnd);
  return {
    show(events, seconds) {
      bar.hidden = false;
      count.textContent =
        events === 0
          ? "no events yet"
          : `${formatCount(events)} ${events === 1 ? "event" : "events"}, to ${formatMoment(seconds, 4)}`;
      tell();
    },
    moved(now) {
      if (bar.hidden || now === atEnd) return;
      atEnd = now;
      tell();
    },
    trouble(sentence) {
      trouble = sentence;
      bar.hidden = false;
      tell();
    },
    end() {
      bar.hidden = true;
    },
  };
}
