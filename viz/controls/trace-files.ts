/** Traces in and out: open or drop files, download the present one. */
import type { Trace } from "../model/trace-reader.ts";
import { traceText } from "../model/trace-text.ts";
import { textOf } from "./file-text.ts";
import type { Notice } from "./notice.ts";

export function downloadTrace(trace: Trace): void {
  const url = URL.createObjectURL(new Blob([traceText(trace)], { type: "application/jsonl" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = "trace.jsonl";
  link.click();
  // The download has its own hold on the data once the click is dealt with.
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

export interface FileUses {
  open(text: string): void;
  /** A second file, to be kept beside the first; a sentence where it cannot be. */
  beside(text: string): string | null;
  readonly notice: Notice;
}

/** Files come from the button, or dropped anywhere on the page: the first is opened, a second is kept beside it. */
export function acceptTraceFiles(button: HTMLElement, input: HTMLInputElement, uses: FileUses): void {
  const read = async (files: readonly File[]): Promise<void> => {
    const [first, second] = await Promise.all(files.slice(0, 2).map(textOf));
    if (first === undefined) return;
    if (!first.ok) {
      uses.notice(first.problem);
      return;
    }
    uses.open(first.text);
    if (second === undefined) return;
    const problem = second.ok ? uses.beside(second.text) : second.problem;
    if (problem !== null) uses.notice(problem);
    else if (files.length > 2) uses.notice("Two files can be looked at together: the others are left out.");
  };
  button.addEventListener("click", () => input.click());
  input.addEventListener("change", () => {
    void read([...(input.files ?? [])]);
    input.value = "";
  });
  document.addEventListener("dragover", (event) => {
    if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
  });
  document.addEventListener("drop", (event) => {
    if (event.dataTransfer === null || event.dataTransfer.files.length === 0) return;
    event.preventDefault();
    void read([...event.dataTransfer.files]);
  });
}
