/** The page with a run in it: one HTML file that opens from the disk. */

/** The element of the page that holds a trace. */
const TRACE_ELEMENT = /(<script\b[^>]*\bid=["']?precopy-trace["']?[^>]*>)[^<]*(<\/script>)/g;

/**
 * Puts a trace into the built page.
 * @param page the text of dist/viz/index.html
 * @param trace JSON Lines
 * @returns null where the page has no place for a trace, or several: it is not the page this version belongs to
 */
export function embedTrace(page: string, trace: string): string | null {
  const places = [...page.matchAll(TRACE_ELEMENT)];
  if (places.length !== 1) return null;
  const [match, opening, closing] = places[0] as unknown as [string, string, string];
  const start = (places[0] as RegExpExecArray).index;
  return `${page.slice(0, start)}${opening}${escapeForScript(trace)}${closing}${page.slice(start + match.length)}`;
}

/** In JSON a `<` occurs in strings alone, where it may as well be written so: no name can then end the element. */
function escapeForScript(json: string): string {
  return json.replaceAll("<", "\\u003c");
}
