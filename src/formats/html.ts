/** The page with a run in it: one HTML file that opens from the disk. */
import type { Lesson, Scenario } from "../../sim/index.ts";

/**
 * Puts a trace into the built page.
 * @param page the text of dist/viz/index.html
 * @param trace JSON Lines
 * @returns null where the page has no place for a trace, or several: it is not the page this version belongs to
 */
export function embedTrace(page: string, trace: string): string | null {
  return embed(page, "precopy-trace", trace);
}

/** Puts what the page is to open into it: see `PageSource`. */
export function embedSource(page: string, source: PageSource): string | null {
  return embed(page, "precopy-source", JSON.stringify(source));
}

/** What a page that is served opens: a scenario, a lesson, or a trace that it asks its server for as it grows. */
export type PageSource =
  | { kind: "scenario"; scenario: Scenario; seed: string }
  | { kind: "lesson"; lesson: Lesson }
  | { kind: "follow"; path: string };

function embed(page: string, id: string, text: string): string | null {
  const element = new RegExp(`(<script\\b[^>]*\\bid=["']?${id}["']?[^>]*>)[^<]*(</script>)`, "g");
  const places = [...page.matchAll(element)];
  if (places.length !== 1) return null;
  const [match, opening, closing] = places[0] as unknown as [string, string, string];
  const start = (places[0] as RegExpExecArray).index;
  return `${page.slice(0, start)}${opening}${escapeForScript(text)}${closing}${page.slice(start + match.length)}`;
}

/** In JSON a `<` occurs in strings alone, where it may as well be written so: no name can then end the element. */
function escapeForScript(json: string): string {
  return json.replaceAll("<", "\\u003c");
}
