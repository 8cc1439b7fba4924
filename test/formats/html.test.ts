import { describe, expect, it } from "vitest";
import { embedTrace } from "../../src/formats/html.ts";

const page = '<html><script type="application/json" id="precopy-trace"></script><script>let $1 = "$&";</script></html>';

describe("embedTrace", () => {
  it("puts the trace where the page looks for it, and changes nothing else", () => {
    expect(embedTrace(page, '{"t":1}\n')).toBe(page.replace("></script>", '>{"t":1}\n</script>'));
  });

  it("lets no name end the element or begin a comment", () => {
    const trace = JSON.stringify({ name: "</script><!--<script>$&$1" });
    const filled = embedTrace(page, trace) ?? "";
    const embedded = /id="precopy-trace">([^<]*)<\/script>/.exec(filled)?.[1] ?? "";
    expect(JSON.parse(embedded)).toEqual(JSON.parse(trace));
    expect(filled.split("</script>")).toHaveLength(3);
  });

  it("replaces the trace of a page that has one", () => {
    expect(embedTrace(embedTrace(page, "{}") ?? "", "[]")).toBe(embedTrace(page, "[]"));
  });

  it("refuses a page without a place for it, or with two", () => {
    expect(embedTrace("<html></html>", "{}")).toBeNull();
    expect(embedTrace(page + page, "{}")).toBeNull();
  });
});
