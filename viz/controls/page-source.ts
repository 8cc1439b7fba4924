/** What the page was served to open, if it was served to open something. */
import type { Lesson, Scenario } from "../simulator.ts";
import { byId } from "./elements.ts";

export type PageSource =
  | { kind: "scenario"; scenario: Scenario; seed: string }
  | { kind: "lesson"; lesson: Lesson }
  | { kind: "follow"; path: string };

/** Null for a page that is opened by itself. The server checked what it put there. */
export function pageSource(): PageSource | null {
  const text = (byId("precopy-source").textContent ?? "").trim();
  return text === "" ? null : (JSON.parse(text) as PageSource);
}
