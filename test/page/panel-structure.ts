/** What a panel of the page holds, as lines of text that a person can read and compare. */
import type { Page } from "playwright-core";

/**
 * Runs in the page. Each element that says or shows something is a line, its children indented under it: elements, classes, roles,
 * names, fills that are patterns, and text. Places and sizes are left out, so that fonts and pixels do not matter; siblings
 * that are alike are one line with their number.
 */
const DESCRIBE = `(panel) => {
  const shown = (element) => element.checkVisibility({ visibilityProperty: false });
  const own = (element) => [...element.childNodes].filter((node) => node.nodeType === 3).map((node) => node.data.trim()).join(" ").trim();
  const say = (element) => {
    const parts = [element.tagName.toLowerCase()];
    const classes = (element.getAttribute("class") ?? "").split(" ").filter((each) => each !== "");
    parts[0] += classes.map((each) => "." + each).join("");
    for (const name of ["role", "aria-label", "aria-pressed", "aria-current"]) {
      const value = element.getAttribute(name);
      if (value !== null) parts.push(name.replace("aria-", "") + "=" + JSON.stringify(value));
    }
    const fill = element.getAttribute("fill");
    if (fill !== null) parts.push("fill=" + fill);
    if (element.getAttribute("visibility") === "hidden") parts.push("(hidden)");
    if ("value" in element && element.tagName !== "BUTTON" && element.tagName !== "LI") parts.push("value=" + JSON.stringify(element.value));
    const text = own(element);
    if (text !== "") parts.push(JSON.stringify(text));
    return parts.join(" ");
  };
  const table = (element) => {
    const rows = [...element.rows].map((row) => [...row.cells].map((cell) => cell.textContent).join(" | "));
    return ["table of " + (rows.length - 1) + " rows", ...rows.slice(0, 7).map((row) => "  " + row)];
  };
  const SKIPPED = new Set(["OPTION", "CLIPPATH", "DEFS", "TITLE"]);
  const lines = (element) => {
    if (SKIPPED.has(element.tagName.toUpperCase()) || (!(element instanceof SVGElement) && element.closest("details") === null && !shown(element))) return [];
    if (element.tagName === "TABLE") return table(element);
    // As many lines as there is room for: a matter of the window.
    if (element.tagName === "OL" && element.classList.contains("event-log")) {
      const current = element.querySelector("[aria-current]");
      return ["list, at " + (current === null ? "no line" : JSON.stringify(current.textContent))];
    }
    const below = [];
    let before = null;
    for (const child of element.children) {
      const block = lines(child);
      if (block.length === 0) continue;
      const text = block.join("\\n");
      if (before !== null && before.text === text) before.count += 1;
      else below.push((before = { text, block, count: 1 }));
    }
    const inner = below.flatMap(({ block, count }) =>
      block.map((line, index) => "  " + line + (index === 0 && count > 1 ? " × " + count : "")));
    return [say(element), ...inner];
  };
  return lines(panel).join("\\n");
}`;

/** Every panel in sight by its name. A panel drawn on a canvas is what its name, its marks and its table say. */
export async function panelStructures(page: Page): Promise<Map<string, string>> {
  const panels = await page.evaluate<[string, string][]>(
    `[...document.querySelectorAll("main .panel")].filter((panel) => panel.checkVisibility())
      .map((panel) => [panel.dataset.panel, (${DESCRIBE})(panel)])`,
  );
  return new Map(panels);
}
