/** Traces in and out: open or drop a file, download the present one. */
import type { Trace } from "../model/trace-reader.ts";
import { traceText } from "../model/trace-text.ts";

export function downloadTrace(trace: Trace): void {
  const url = URL.createObjectURL(new Blob([traceText(trace)], { type: "application/jsonl" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = "trace.jsonl";
  link.click();
  // The download has its own hold on the data once the click is dealt with.
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

export function acceptTraceFiles(button: HTMLElement, input: HTMLInputElement, open: (text: string) => void): void {
  const read = async (file: File | null | undefined): Promise<void> => {
    if (file !== null && file !== undefined) open(await file.text());
  };
  button.addEventListener("click", () => input.click());
  input.addEventListener("change", () => {
    void read(input.files?.[0]);
    input.value = "";
  });
  document.addEventListener("dragover", (event) => {
    if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
  });
  document.addEventListener("drop", (event) => {
    if (event.dataTransfer === null || event.dataTransfer.files.length === 0) return;
    event.preventDefault();
    void read(event.dataTransfer.files[0]);
  });
}
