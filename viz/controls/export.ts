/** Charts saved as they stand: SVG that needs nothing beside it, or PNG. */

/** What of a shape's style has to travel with it. */
const PROPERTIES = [
  "fill",
  "fill-opacity",
  "stroke",
  "stroke-width",
  "stroke-dasharray",
  "stroke-linejoin",
  "opacity",
  "visibility",
  "font-family",
  "font-size",
  "font-weight",
  "paint-order",
  "text-anchor",
] as const;

/** Twice the pixels of the screen: for print and for slides. */
const PNG_SCALE = 2;

/** The chart as the text of a file: styles written into each shape, the page's ground behind it. */
function standaloneSvg(svg: SVGSVGElement): string {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const originals = svg.querySelectorAll<SVGElement>("*");
  for (const [index, shape] of copy.querySelectorAll<SVGElement>("*").entries()) {
    const style = getComputedStyle(originals[index] as SVGElement);
    for (const property of PROPERTIES) {
      const value = style.getPropertyValue(property);
      // A pattern is named by an attribute, which the computed style repeats with the page's address.
      if (property === "fill" && value.startsWith("url(")) continue;
      if (value !== "") shape.style.setProperty(property, value);
    }
    shape.removeAttribute("class");
  }
  const ground = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  ground.setAttribute("width", "100%");
  ground.setAttribute("height", "100%");
  ground.style.setProperty("fill", getComputedStyle(svg.closest(".panel") ?? document.body).backgroundColor);
  copy.prepend(ground);
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.removeAttribute("class");
  return new XMLSerializer().serializeToString(copy);
}

function save(content: Blob, name: string): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

async function pngOf(svg: SVGSVGElement): Promise<Blob | null> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(standaloneSvg(svg))}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = svg.clientWidth * PNG_SCALE;
  canvas.height = svg.clientHeight * PNG_SCALE;
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}

/** Gives every panel that holds charts its buttons; a chart's file is named for the place that it stands in. */
export function offerExports(panels: Iterable<HTMLElement>): void {
  for (const panel of panels) {
    const title = panel.querySelector("h2")?.textContent ?? "chart";
    const row = document.createElement("div");
    row.className = "exports";
    row.setAttribute("role", "group");
    row.setAttribute("aria-label", `Save: ${title}`);
    const button = (text: string, run: (chart: SVGSVGElement, name: string) => void): void => {
      const made = document.createElement("button");
      made.type = "button";
      made.className = "quiet";
      made.textContent = text;
      made.setAttribute("aria-label", `Save as ${text}: ${title}`);
      made.addEventListener("click", () => {
        for (const chart of panel.querySelectorAll<SVGSVGElement>("svg[role=img]")) {
          run(chart, chart.parentElement?.id || "chart");
        }
      });
      row.append(made);
    };
    button("SVG", (chart, name) => save(new Blob([standaloneSvg(chart)], { type: "image/svg+xml" }), `${name}.svg`));
    button("PNG", (chart, name) => {
      void pngOf(chart).then((png) => png !== null && save(png, `${name}.png`));
    });
    panel.append(row);
  }
}
