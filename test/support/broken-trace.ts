/** Traces as no writer makes them: real ones, broken at random. */
import fc from "fast-check";

export const HOSTILE = `</script><script>window.harmed = 1</script><img src=x onerror="window.harmed = 1">`;

/** What no field of a trace is meant to hold; the text of the last is no number of JavaScript's. */
const TOO_LARGE = "1e999";
const ODD_VALUES: readonly unknown[] = [
  ...["", "12", "NaN", "__proto__", "constructor", HOSTILE, "\u0000\u202e", TOO_LARGE],
  ...[null, true, false, -1, 0, 0.5, -0.001, 1e308, 2 ** 53, 9e15, 1e-300],
  ...[[], [[1]], {}, { from: null }, [null], undefined],
];

type Break =
  | { kind: "event" | "header" | "end"; at: number; path: number[]; value: unknown }
  | { kind: "drop" | "double" | "cut" | "garbage"; at: number }
  | { kind: "swap" | "retype"; at: number; with: number }
  | { kind: "retime"; at: number; t: unknown };

const breaking: fc.Arbitrary<Break> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constantFrom("event" as const, "event" as const, "header" as const, "end" as const),
      at: fc.nat(),
      path: fc.array(fc.nat(), { minLength: 1, maxLength: 6 }),
      value: fc.constantFrom(...ODD_VALUES),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constantFrom("drop" as const, "double" as const), at: fc.nat() }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom("cut" as const, "garbage" as const), at: fc.nat() }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constantFrom("swap" as const, "retype" as const), at: fc.nat(), with: fc.nat() }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("retime" as const), at: fc.nat(), t: fc.constantFrom(...ODD_VALUES) }),
  },
);

/** One to four things wrong with a trace. */
export function brokenTraces(text: string): fc.Arbitrary<string> {
  return fc.array(breaking, { minLength: 1, maxLength: 4 }).map((all) => all.reduce(broken, text));
}

function broken(text: string, wrong: Break): string {
  const lines = text.split("\n");
  // Neither the header nor the end line, nor what follows the last line feed.
  const at = 1 + (wrong.at % Math.max(1, lines.length - 3));
  const join = (): string => lines.join("\n");
  switch (wrong.kind) {
    case "header":
      lines[0] = changed(lines[0] ?? "", wrong.path, wrong.value);
      return join();
    case "end":
      lines[lines.length - 2] = changed(lines.at(-2) ?? "", wrong.path, wrong.value);
      return join();
    case "event":
      lines[at] = changed(lines[at] ?? "", wrong.path, wrong.value);
      return join();
    case "drop":
      lines.splice(at, 1);
      return join();
    case "double":
      lines.splice(at, 0, lines[at] ?? "");
      return join();
    case "garbage":
      lines.splice(at, 0, "{");
      return join();
    case "cut":
      return text.slice(0, wrong.at % text.length);
    case "swap": {
      const other = 1 + (wrong.with % Math.max(1, lines.length - 3));
      // Times stay: two events out of order in time are refused, in the wrong order of cause they are not.
      const [one = "", two = ""] = [lines[at], lines[other]];
      lines[at] = retimed(two, timeOf(one));
      lines[other] = retimed(one, timeOf(two));
      return join();
    }
    case "retype": {
      const other = lines[1 + (wrong.with % Math.max(1, lines.length - 3))] ?? "";
      const type = /"type":"([^"]*)"/.exec(other)?.[1] ?? "vm.sang";
      lines[at] = (lines[at] ?? "").replace(/"type":"[^"]*"/, `"type":"${type}"`);
      return join();
    }
    case "retime":
      lines[at] = retimed(lines[at] ?? "", JSON.stringify(wrong.t) ?? "null");
      return join();
  }
}

function timeOf(line: string): string {
  return /^\{"t":([^,]*),/.exec(line)?.[1] ?? "0";
}

function retimed(line: string, t: string): string {
  return line.replace(/^\{"t":[^,]*,/, `{"t":${t},`);
}

/** A line of JSON with another value somewhere in it. */
function changed(line: string, path: readonly number[], value: unknown): string {
  let root: unknown;
  try {
    root = JSON.parse(line);
  } catch {
    return line;
  }
  let place = root;
  for (const [depth, step] of path.entries()) {
    if (typeof place !== "object" || place === null) break;
    const keys = Object.keys(place);
    const key = keys[step % Math.max(1, keys.length)];
    if (key === undefined) break;
    const inner = (place as Record<string, unknown>)[key];
    if (depth + 1 < path.length && typeof inner === "object" && inner !== null) place = inner;
    else {
      (place as Record<string, unknown>)[key] = value;
      break;
    }
  }
  return JSON.stringify(root).replaceAll(`"${TOO_LARGE}"`, TOO_LARGE);
}
