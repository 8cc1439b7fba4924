/** Constants that a user could doubt: named, documented, overridable, each with its provenance. */

/** What stands behind a value: a document, a measurement, or nothing yet. */
export type Provenance = "documented" | "measured" | "assumed";

/** How a parameter is written in a scenario, and in which SI unit it is held. */
export type ParameterKind = "seconds" | "bytes" | "bytesPerSecond" | "pages" | "count" | "share" | "flag";

export interface Parameter<Value extends number | boolean = number | boolean> {
  readonly value: Value;
  readonly kind: ParameterKind;
  readonly provenance: Provenance;
  /** The document, the measurement or the reasoning behind the value. */
  readonly source: string;
  /** What it means, in one sentence. */
  readonly meaning: string;
  /** Least and greatest value that make sense; open where absent. */
  readonly least?: number;
  readonly greatest?: number;
}

/** Parameters by name; names end in their unit (`downtimeLimitSeconds`). */
export type ParameterTable = Readonly<Record<string, Parameter>>;

/** The values of a table, by the same names. */
export type ParameterValues<Table extends ParameterTable> = {
  -readonly [Name in keyof Table]: Table[Name]["value"] extends boolean ? boolean : number;
};

const UNIT_SUFFIX: Readonly<Record<ParameterKind, string>> = {
  seconds: "Seconds",
  bytes: "Bytes",
  bytesPerSecond: "BytesPerSecond",
  pages: "Pages",
  count: "",
  share: "Share",
  flag: "",
};

/**
 * The key under which a scenario sets a parameter: its name without the unit (`downtimeLimit`), since the value there
 * carries one (`300 ms`).
 */
export function scenarioKey(name: string, kind: ParameterKind): string {
  const suffix = UNIT_SUFFIX[kind];
  return suffix !== "" && name.endsWith(suffix) ? name.slice(0, -suffix.length) : name;
}

/** The values in force: the table's, with `overrides` (by full name) on top. Unknown names are a bug of the caller. */
export function resolveParameters<Table extends ParameterTable>(
  table: Table,
  overrides: Readonly<Record<string, number | boolean>>,
): ParameterValues<Table> {
  const values: Record<string, number | boolean> = {};
  for (const name of Object.keys(table)) values[name] = overrides[name] ?? (table[name] as Parameter).value;
  return values as ParameterValues<Table>;
}
