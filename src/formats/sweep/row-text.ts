/** Rows as text: CSV (RFC 4180) and JSON Lines. A row is one line in both. */
import { dsvFormat } from "d3-dsv";
import type { Cell, SweepColumn } from "../../planning/sweep/sweep-rows.ts";

export type TextForm = "csv" | "jsonl";

/** Turns rows into text, and lines back into rows. */
export interface RowText {
  /** What a file begins with, its line's end included; empty where there is nothing. */
  readonly head: string;
  /** Cells that several rows begin with, to be given to `row`. */
  begin(cells: readonly Cell[]): string;
  /** A whole row, its line's end included. */
  row(beginning: string, cells: readonly Cell[]): string;
  /** Rows of whole lines without the head. */
  parse(text: string): Cell[][];
}

export function rowText(form: TextForm, columns: readonly SweepColumn[]): RowText {
  return form === "csv" ? csvText(columns) : jsonLinesText(columns);
}

function csvText(columns: readonly SweepColumn[]): RowText {
  const format = dsvFormat(",");
  return {
    head: `${columns.map(({ name }) => csvCell(name)).join(",")}\r\n`,
    begin: (cells) => cells.map(csvCell).join(","),
    row(beginning, cells) {
      let line = beginning;
      for (const cell of cells) line += `,${csvCell(cell)}`;
      return `${line}\r\n`;
    },
    parse: (text) =>
      format.parseRows(text, (texts) => texts.map((cell, index) => readCsvCell(cell, columns[index] as SweepColumn))),
  };
}

function csvCell(cell: Cell): string {
  if (typeof cell === "number") return String(cell);
  if (cell === null) return "";
  const text = String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function readCsvCell(text: string, { type }: SweepColumn): Cell {
  if (text === "") return null;
  if (type === "text") return text;
  return type === "truth" ? text === "true" : Number(text);
}

function jsonLinesText(columns: readonly SweepColumn[]): RowText {
  const keys = columns.map(({ name }) => JSON.stringify(name));
  return {
    head: "",
    begin: (cells) => `{${cells.map((cell, index) => `${keys[index]}:${jsonCell(cell)}`).join(",")}`,
    row(beginning, cells) {
      let line = beginning;
      let key = keys.length - cells.length;
      for (const cell of cells) line += `,${keys[key++]}:${jsonCell(cell)}`;
      return `${line}}\n`;
    },
    parse: (text) =>
      text
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => {
          const row = JSON.parse(line) as Record<string, Cell>;
          return columns.map(({ name }) => row[name] ?? null);
        }),
  };
}

function jsonCell(cell: Cell): string {
  return typeof cell === "number" || cell === null ? String(cell) : JSON.stringify(cell);
}
