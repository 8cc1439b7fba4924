/** What the page was served to open, if it was served to open something. */
import type { Lesson, Scenario } from "../simulator.ts";
import { byId } from "./elements.ts";
import type { Notice } from "./notice.ts";

export type PageSource =
  | { kind: "scenario"; scenario: Scenario; seed: string }
  | { kind: "lesson"; lesson: Lesson }
  | { kind: "follow"; path: string };

/** Null for a page that is opened by itself. The server checked what it put there. */
export function pageSource(): PageSource | null {
  const text = (byId("precopy-source").textContent ?? "").trim();
  return text === "" ? null : (JSON.parse(text) as PageSource);
}

/** Wall time between two questions to a server that failed to answer. */
const RETRY_MILLIS = 2000;

/**
 * Asks the server for a trace as it grows, to its end.
 * @param grown gets all whole lines so far, and whether these are all
 * @param notice told when the server no longer answers, and when it does again
 */
export async function followTrace(
  path: string,
  grown: (text: string, ended: boolean) => void,
  notice: Notice,
): Promise<void> {
  const decoder = new TextDecoder();
  let offset = 0;
  let text = "";
  let lost = false;
  for (;;) {
    try {
      const answer = await fetch(`${path}?from=${offset}`);
      if (!answer.ok) throw new Error(String(answer.status));
      if (lost) notice(null);
      lost = false;
      const bytes = await answer.arrayBuffer();
      const ended = answer.headers.get("X-Precopy-Ended") === "true";
      offset += bytes.byteLength;
      text += decoder.decode(bytes, { stream: true });
      if (bytes.byteLength > 0 || ended) grown(ended ? text : text.slice(0, text.lastIndexOf("\n") + 1), ended);
      if (ended) return;
    } catch {
      lost = true;
      notice("The program that served this page has ended; what it had read is still here.");
      await new Promise((resolve) => setTimeout(resolve, RETRY_MILLIS));
    }
  }
}
