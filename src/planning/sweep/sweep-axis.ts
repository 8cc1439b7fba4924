/** One parameter of a sweep: `networks.lan.bandwidth=1..40Gbit/s:log:20`. */
import { exp, log } from "../../../sim/index.ts";
import { type Attempt, badInput, succeeded } from "../../failure.ts";
import {
  type Dimension,
  parseQuantityText,
  type SweepValue,
  unitOf,
  valueOfQuantity,
  valueOfText,
} from "./sweep-value.ts";

/** How values lie between a range's ends: evenly, evenly in the logarithm, or evenly and whole. */
type Spacing = "lin" | "log" | "int";

export interface ListAxis {
  readonly kind: "list";
  /** Dotted path, as of `--set`. */
  readonly path: string;
  readonly values: readonly SweepValue[];
}

/** Drawn from, by a design that samples. */
export interface RangeAxis {
  readonly kind: "range";
  readonly path: string;
  readonly dimension: Dimension;
  /** In the dimension's base. */
  readonly low: number;
  readonly high: number;
  readonly spacing: Spacing;
}

/** Plain data: it crosses to threads and machines. */
export type SweepAxis = ListAxis | RangeAxis;

const SPACINGS: readonly string[] = ["lin", "log", "int"];

/** A grid's axis has no more values. */
const MOST_VALUES = 1_000_000;

const FORMS = "Write values (1GiB,2GiB), or a range: LOW..HIGH:COUNT, LOW..HIGH:log:COUNT, LOW..HIGH:int:COUNT.";

/** @param samples true where a design draws values: a range then has no count of its own */
export function parseAxis(text: string, samples: boolean): Attempt<SweepAxis> {
  const equals = text.indexOf("=");
  const path = text.slice(0, Math.max(equals, 0)).trim();
  const spec = text.slice(equals + 1).trim();
  const wrong = (problem: string, remedy = FORMS) => badInput(`--param ${text}: ${problem}. ${remedy}`);
  if (equals < 1 || spec === "" || /[\r\n]/.test(spec)) {
    return wrong("it is not a path, an equals sign and values", "Write for example vms.web01.memory=1GiB,2GiB.");
  }
  if (path === "seed") return wrong("seeds are no parameter", "Use --seeds, and --seed for the first of them.");
  if (!spec.includes("..")) return parseList(path, spec, wrong);
  const [ends, ...rest] = spec.split(":") as [string, ...string[]];
  const spacing = rest.length > 0 && SPACINGS.includes(rest[0] as string) ? (rest.shift() as Spacing) : "lin";
  const range = parseRange(path, ends, spacing, wrong);
  if (!range.ok) return range;
  if (samples) {
    if (rest.length > 0)
      return wrong("a range that is drawn from has no count", "Leave it out: --samples says how many.");
    return range;
  }
  const count = Number(rest[0]);
  if (rest.length !== 1 || !Number.isInteger(count) || count < 2 || count > MOST_VALUES) {
    return wrong(`in a grid a range needs its count of values, a whole number from 2 to ${MOST_VALUES}`);
  }
  const values = Array.from({ length: count }, (_, index) => valueBetween(range.value, index / (count - 1)));
  if (new Set(values.map(({ value }) => value)).size < count) {
    return wrong(`there are no ${count} different values in it`, "Ask for fewer.");
  }
  return succeeded({ kind: "list", path, values });
}

type Wrong = (problem: string, remedy?: string) => ReturnType<typeof badInput>;

function parseList(path: string, spec: string, wrong: Wrong): Attempt<SweepAxis> {
  const texts = spec.split(",");
  if (texts.length > MOST_VALUES) return wrong(`more than ${MOST_VALUES} values`);
  if (texts.some((each) => each.trim() === "")) return wrong("one of its values is empty");
  const mixed = whyMixed(texts);
  if (mixed !== null) return wrong(mixed, "Write each value of a list with its unit.");
  const values = texts.map(valueOfText);
  const seen = new Set<unknown>();
  const twice = values.find(({ value }) => seen.size === seen.add(value).size);
  if (twice !== undefined) return wrong(`${twice.setting} is in it twice`, "Keep one of them.");
  return succeeded({ kind: "list", path, values });
}

/** A bare number beside one with a unit: in a range it would have that unit, in a list it would be bytes, say. */
function whyMixed(texts: readonly string[]): string | null {
  const quantities = texts.map((text) => ({ text: text.trim(), quantity: parseQuantityText(text) }));
  const bare = quantities.find(({ quantity }) => quantity?.dimension === "plain" && quantity.amount !== 0);
  const other = quantities.find(
    ({ quantity }) => quantity !== null && !["plain", "percent"].includes(quantity.dimension),
  );
  return bare === undefined || other === undefined ? null : `${bare.text} has no unit, and ${other.text} has one`;
}

function parseRange(path: string, ends: string, spacing: Spacing, wrong: Wrong): Attempt<RangeAxis> {
  const [lowText, highText, ...more] = ends.split("..") as [string, string, ...string[]];
  const unit = unitOf(highText);
  // 1..40Gbit/s: the unit behind the second end is that of both.
  const low = parseQuantityText(unitOf(lowText) === "" && unit !== null ? `${lowText.trim()} ${unit}` : lowText);
  const high = parseQuantityText(highText);
  if (more.length > 0 || low === null || high === null) return wrong("its ends are no numbers");
  if (low.dimension !== high.dimension) return wrong("its ends have units of different kinds");
  if (!(low.amount < high.amount)) return wrong("its second end is not above its first");
  if (spacing === "log" && low.amount <= 0)
    return wrong("a logarithmic range starts above 0", "Give a first end above 0.");
  if (spacing === "int" && !(Number.isInteger(low.amount) && Number.isInteger(high.amount))) {
    return wrong("a range of whole numbers has whole ends");
  }
  return succeeded({
    kind: "range",
    path,
    dimension: low.dimension,
    low: low.amount,
    high: high.amount,
    spacing,
  });
}

/** The value at a share (0 to 1, ends included) of the range. */
function valueBetween({ dimension, low, high, spacing }: RangeAxis, share: number): SweepValue {
  let amount: number;
  if (share === 0) amount = low;
  else if (share === 1) amount = high;
  else if (spacing === "log") amount = exp(log(low) + (log(high) - log(low)) * share);
  else amount = low + (high - low) * share;
  return valueOfQuantity({ dimension, amount: spacing === "int" ? Math.round(amount) : amount });
}

/** The value that a uniform number in [0, 1) stands for. */
export function valueDrawn(axis: SweepAxis, uniform: number): SweepValue {
  if (axis.kind === "list") return axis.values[Math.floor(uniform * axis.values.length)] as SweepValue;
  if (axis.spacing !== "int") return valueBetween(axis, uniform);
  // Each whole number, the ends too, is as likely as any other.
  const amount = axis.low + Math.floor(uniform * (axis.high - axis.low + 1));
  return valueOfQuantity({ dimension: axis.dimension, amount });
}

/** Values that stand for the axis in checks made before a sweep: all of a list, both ends of a range. */
export function telltaleValues(axis: SweepAxis): readonly SweepValue[] {
  return axis.kind === "list" ? axis.values : [valueBetween(axis, 0), valueBetween(axis, 1)];
}
