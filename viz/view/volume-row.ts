/** The volumes in a row: each with its coordinator or owner, and how many nodes are redirected or wait. */
import type { VolumeState } from "../model/volume-history.ts";
import { fitText, type GroupSelection, type Place, px, type SvgSelection } from "./svg.ts";

export interface VolumeRow {
  height: number;
  draw(volumes: readonly VolumeState[]): void;
  /** Where each of the volumes stands; those that are not drawn have no place. */
  boxes: readonly Box[];
}

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Lines of volumes at most; the rest is in the table. */
const MOST_LINES = 3;
const CHIP_HEIGHT = 2.5;

export function volumeRow(svg: SvgSelection, volumes: readonly VolumeState[], top: number, place: Place): VolumeRow {
  const { width, rem } = place;
  if (volumes.length === 0) return { height: 0, draw: () => {}, boxes: [] };
  const longest = volumes.reduce((most, { name, owner }) => Math.max(most, name.length, (owner ?? "").length + 8), 0);
  const chip = Math.min(width, rem * Math.min(17, 3.2 + longest * 0.46));
  const columns = Math.max(1, Math.floor((width + rem * 0.5) / (chip + rem * 0.5)));
  const shown = Math.min(volumes.length, columns * MOST_LINES);
  const boxes: Box[] = [];
  const chips = volumes.slice(0, shown).map((volume, index) => {
    const box = {
      x: (index % columns) * (chip + rem * 0.5),
      y: top + Math.floor(index / columns) * rem * (CHIP_HEIGHT + 0.4),
      width: chip,
      height: rem * CHIP_HEIGHT,
    };
    boxes.push(box);
    return volumeChip(svg.append("g").attr("transform", `translate(${px(box.x)},${px(box.y)})`), volume, chip, rem);
  });
  const lines = Math.ceil(shown / columns);
  let height = lines * rem * (CHIP_HEIGHT + 0.4);
  if (shown < volumes.length) {
    svg
      .append("text")
      .attr("class", "legend")
      .attr("y", px(top + height + rem * 0.6))
      .text(`and ${volumes.length - shown} more volumes, in the table below`);
    height += rem;
  }
  return {
    height,
    boxes,
    draw(now) {
      for (const [index, draw] of chips.entries()) draw(now[index] as VolumeState);
    },
  };
}

function volumeChip(group: GroupSelection, { name, kind }: VolumeState, width: number, rem: number) {
  const body = rem * 1.3;
  const bulge = rem * 0.28;
  const icon = group
    .append("path")
    .attr(
      "d",
      `M0,${px(rem * 0.55)}a${px(body / 2)},${px(bulge)} 0 0 1 ${px(body)},0v${px(rem * 1.3)}` +
        `a${px(body / 2)},${px(bulge)} 0 0 1 ${px(-body)},0zm0,0a${px(body / 2)},${px(bulge)} 0 0 0 ${px(body)},0`,
    );
  const room = width - body - rem * 0.5;
  group
    .append("text")
    .attr("class", "volume-name")
    .attr("x", px(body + rem * 0.5))
    .attr("y", px(rem * 1))
    .text(fitText(`${name} (${kind.toUpperCase()})`, room, rem * 0.46));
  const detail = group
    .append("text")
    .attr("class", "volume-detail")
    .attr("x", px(body + rem * 0.5))
    .attr("y", px(rem * 2.05));
  let shown = "";
  return (volume: VolumeState): void => {
    const text = volumeText(volume);
    if (text === shown) return;
    shown = text;
    icon.attr("class", `volume-icon ${volumeCondition(volume)}`);
    detail.attr("class", `volume-detail ${volumeCondition(volume)}`).text(fitText(text, room, rem * 0.4));
  };
}

/** What of a volume matters most. */
function volumeCondition({ owner, redirected, waiting }: VolumeState): "paused" | "redirected" | "direct" {
  if (owner === null || waiting.length > 0) return "paused";
  return redirected.length > 0 ? "redirected" : "direct";
}

/** Who has it, or what is wrong with it. */
export function volumeText({ owner, redirected, waiting, kind }: VolumeState): string {
  const nodes = (list: readonly unknown[], one: string): string => (list.length === 1 ? one : `${list.length} nodes`);
  if (owner === null) return "changes hands";
  if (waiting.length > 0) return `✕ ${nodes(waiting, waiting[0]?.node ?? "")} wait${waiting.length === 1 ? "s" : ""}`;
  if (redirected.length > 0) return `⇢ ${nodes(redirected, redirected[0] ?? "")} via ${owner}`;
  return kind === "csv" ? `coord. ${owner}` : `owner ${owner}`;
}
