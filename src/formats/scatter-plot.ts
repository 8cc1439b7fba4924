/** Predicted against measured, on logarithmic axes, as SVG that stands by itself. */

export interface PlotPoint {
  readonly measured: number;
  readonly predicted: number;
  /** Decides the mark's colour. */
  readonly kind: string;
  /** Shown where the pointer rests on the mark. */
  readonly label: string;
}

export interface PlotText {
  readonly title: string;
  /** What both axes show, with its unit. */
  readonly quantity: string;
}

const SIZE = 380;
const MARGIN = { left: 62, right: 148, top: 34, bottom: 46 };
/** Okabe and Ito's colours, which people who see few colours can tell apart, then greys. */
const COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000", "#8c6d31"];
const SHAPES = ["circle", "square"] as const;
/** A decade is no wider than this on either side of the data. */
const PADDING = 1.25;

/**
 * Points of which a value is not above 0 cannot be shown on logarithmic axes, and are left out.
 * @param kinds all kinds of several plots, so that a kind has one colour in all of them
 */
export function scatterPlot(points: readonly PlotPoint[], kinds: readonly string[], text: PlotText): string {
  const shown = points.filter(({ measured, predicted }) => measured > 0 && predicted > 0);
  const values = shown.flatMap(({ measured, predicted }) => [measured, predicted]);
  const least = shown.length === 0 ? 1 : Math.min(...values) / PADDING;
  const greatest = shown.length === 0 ? 10 : Math.max(...values) * PADDING;
  const toShare = (value: number) => Math.log(value / least) / Math.log(greatest / least);
  const x = (value: number) => MARGIN.left + toShare(value) * SIZE;
  const y = (value: number) => MARGIN.top + (1 - toShare(value)) * SIZE;
  const [right, bottom] = [MARGIN.left + SIZE, MARGIN.top + SIZE];
  const lines = [
    `<rect width="100%" height="100%" fill="#ffffff"/>`,
    `<text x="${MARGIN.left}" y="20" font-size="14" font-weight="bold">${escapeXml(text.title)}</text>`,
  ];
  for (const tick of ticks(least, greatest)) {
    const [across, up] = [round(x(tick)), round(y(tick))];
    lines.push(
      `<path d="M${across} ${MARGIN.top}V${bottom}M${MARGIN.left} ${up}H${right}" stroke="#e3e3e3"/>`,
      `<text x="${across}" y="${bottom + 16}" text-anchor="middle">${tickText(tick)}</text>`,
      `<text x="${MARGIN.left - 6}" y="${up + 4}" text-anchor="end">${tickText(tick)}</text>`,
    );
  }
  lines.push(
    `<path d="M${MARGIN.left} ${bottom}L${right} ${MARGIN.top}" stroke="#888888" stroke-dasharray="4 3"/>`,
    `<rect x="${MARGIN.left}" y="${MARGIN.top}" width="${SIZE}" height="${SIZE}" fill="none" stroke="#555555"/>`,
    `<text x="${MARGIN.left + SIZE / 2}" y="${bottom + 36}" text-anchor="middle">measured ${escapeXml(text.quantity)}</text>`,
    `<text transform="translate(14 ${MARGIN.top + SIZE / 2}) rotate(-90)" text-anchor="middle">predicted ${escapeXml(text.quantity)}</text>`,
  );
  for (const { measured, predicted, kind, label } of shown) {
    lines.push(mark(kinds.indexOf(kind), round(x(measured)), round(y(predicted)), label));
  }
  const present = kinds.filter((kind) => shown.some((point) => point.kind === kind));
  for (const [index, kind] of present.entries()) {
    const height = MARGIN.top + 10 + 18 * index;
    lines.push(
      mark(kinds.indexOf(kind), right + 16, height, ""),
      `<text x="${right + 26}" y="${height + 4}">${escapeXml(kind)}</text>`,
    );
  }
  const [width, height] = [right + MARGIN.right, bottom + MARGIN.bottom];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif" font-size="12" fill="#222222" role="img" aria-label="${escapeXml(text.title)}">\n${lines.join("\n")}\n</svg>\n`;
}

function mark(kind: number, x: number, y: number, label: string): string {
  const colour = COLOURS[kind % COLOURS.length] as string;
  const shape = SHAPES[Math.floor(kind / COLOURS.length) % SHAPES.length];
  const title = label === "" ? "" : `<title>${escapeXml(label)}</title>`;
  const style = `fill="${colour}" fill-opacity="0.65" stroke="${colour}"`;
  return shape === "circle"
    ? `<circle cx="${x}" cy="${y}" r="4" ${style}>${title}</circle>`
    : `<rect x="${round(x - 3.5)}" y="${round(y - 3.5)}" width="7" height="7" ${style}>${title}</rect>`;
}

/** 1, 2 and 5 of each decade where few decades are shown, else the decades. */
function ticks(least: number, greatest: number): number[] {
  const [first, last] = [Math.floor(Math.log10(least)), Math.ceil(Math.log10(greatest))];
  const steps = last - first > 3 ? [1] : [1, 2, 5];
  const found: number[] = [];
  for (let decade = first; decade <= last; decade++) {
    for (const step of steps) {
      const tick = Number(`${step}e${decade}`);
      if (tick >= least && tick <= greatest) found.push(tick);
    }
  }
  return found;
}

function tickText(value: number): string {
  return value >= 1e5
    ? `${value / 10 ** Math.floor(Math.log10(value))}e${Math.floor(Math.log10(value))}`
    : String(value);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
