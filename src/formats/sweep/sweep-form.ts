/** The forms that a sweep's rows can have, by name or by a file's ending. */
import { type Attempt, badInput, succeeded } from "../../failure.ts";
import { STANDARD_STREAM } from "../text-file.ts";
import type { TextForm } from "./row-text.ts";

export const SWEEP_FORMS = ["csv", "jsonl", "parquet"] as const;

export type SweepForm = (typeof SWEEP_FORMS)[number];

const BY_ENDING: Readonly<Record<string, SweepForm>> = {
  ".csv": "csv",
  ".jsonl": "jsonl",
  ".ndjson": "jsonl",
  ".parquet": "parquet",
};

/** @param path null where no rows are wanted, `-` for standard output */
export function sweepFormOf(path: string | null, format: SweepForm | null): Attempt<SweepForm> {
  if (path === STANDARD_STREAM) {
    if (format !== "parquet") return succeeded(format ?? "csv");
    return badInput("--format parquet: a Parquet file is not written to standard output. Name a file with -o.");
  }
  if (format !== null || path === null) return succeeded(format ?? "csv");
  const name = path.toLowerCase();
  const ending = Object.keys(BY_ENDING).find((each) => name.endsWith(each));
  if (ending !== undefined) return succeeded(BY_ENDING[ending] as SweepForm);
  return badInput(
    `-o ${path}: the form of the rows goes by the file's name, and this one is not known. Known: ${Object.keys(BY_ENDING).join(", ")}; or use --format.`,
  );
}

/** As what rows are kept until the sweep is whole: a Parquet file cannot be gone on with. */
export function textFormOf(form: SweepForm): TextForm {
  return form === "parquet" ? "jsonl" : form;
}
