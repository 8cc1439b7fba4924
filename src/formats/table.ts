/** Tables in plain text, for a fixed-width font. */
import type { Paint } from "./paint.ts";

export interface Column {
  title: string;
  align: "left" | "right";
}

/** Lines of a table, its head first; columns are two spaces apart and as wide as their widest cell. */
export function formatTable(columns: readonly Column[], rows: readonly (readonly string[])[], paint: Paint): string[] {
  const widths = columns.map((column, index) =>
    Math.max(displayWidth(column.title), ...rows.map((row) => displayWidth(row[index] ?? ""))),
  );
  const formatLine = (cells: readonly string[]) =>
    columns
      .map((column, index) => {
        const cell = cells[index] ?? "";
        const gap = " ".repeat((widths[index] as number) - displayWidth(cell));
        return column.align === "left" ? cell + gap : gap + cell;
      })
      .join("  ")
      .trimEnd();
  const head = paint("bold", formatLine(columns.map((column) => column.title)));
  return [head, ...rows.map(formatLine)];
}

/** Columns that a text takes: names may hold any letter, and a letter of several code units takes one. */
function displayWidth(text: string): number {
  return [...text].length;
}

const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/** A bar of `share` (0 to 1) of `width` columns, to an eighth of a column; anything above 0 shows. */
export function formatBar(share: number, width: number): string {
  const eighths = share > 0 ? Math.max(1, Math.round(Math.min(share, 1) * width * 8)) : 0;
  return "█".repeat(Math.floor(eighths / 8)) + EIGHTHS[eighths % 8];
}
