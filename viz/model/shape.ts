/** What a value that was read from a file must be, field by field, and what is wrong with one that is not. */

type Kind = "number" | "text" | "truth";
type OrNull = Kind | `${Kind}|null`;

/**
 * `number` is finite and from 0 to 2^53 - 1: nothing that a trace holds is negative, and nothing larger can be drawn. A list is
 * written as its one element; `?` may be absent. Fields that are not named may be anything: later versions add some.
 */
export type Shape = OrNull | `${OrNull}?` | readonly [Shape] | { readonly [field: string]: Shape };

type KindOf<Value> = [Value] extends [number] ? "number" : [Value] extends [boolean] ? "truth" : "text";

type ShapeOfPresent<Value> = [Value] extends [readonly (infer Element)[]]
  ? readonly [ShapeOfPresent<Element>]
  : [Value] extends [string | number | boolean]
    ? KindOf<Value>
    : [Value] extends [string | number | boolean | null]
      ? `${KindOf<NonNullable<Value>>}|null`
      : ShapeOf<Value>;

/** The shape that a type's values have: a table of this type is complete and true, or does not compile. */
export type ShapeOf<Value> = {
  readonly [Field in keyof Value]-?: undefined extends Value[Field]
    ? ShapeOfPresent<Exclude<Value[Field], undefined>> extends infer Present extends string
      ? `${Present}?`
      : never
    : ShapeOfPresent<Value[Field]>;
};

const TYPE_OF: Readonly<Record<string, string>> = { number: "number", text: "string", truth: "boolean" };
const WORDS: Readonly<Record<string, string>> = {
  number: "a number from 0 to 2^53",
  text: "a text",
  truth: "true or false",
};

/** The first thing that keeps a value from being of the shape, as the rest of a sentence; null where it is. */
export function misfit(value: unknown, shape: Shape, name: string): string | null {
  if (typeof shape === "string") return misfitOfKind(value, shape, name);
  if (Array.isArray(shape)) {
    if (!Array.isArray(value)) return `${name} must be a list, and is ${shown(value)}`;
    for (const [index, each] of value.entries()) {
      const wrong = misfit(each, shape[0] as Shape, `${name}[${index}]`);
      if (wrong !== null) return wrong;
    }
    return null;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return `${name} must be an object, and is ${shown(value)}`;
  }
  for (const field in shape) {
    const path = name === "" ? field : `${name}.${field}`;
    const wrong = misfit(
      (value as Record<string, unknown>)[field],
      (shape as Readonly<Record<string, Shape>>)[field] as Shape,
      path,
    );
    if (wrong !== null) return wrong;
  }
  return null;
}

interface ReadKind {
  kind: string;
  orNull: boolean;
  orAbsent: boolean;
}

/** There are few kinds, and each is asked for with every event. */
const readKinds = new Map<string, ReadKind>();

function readKind(shape: string): ReadKind {
  let read = readKinds.get(shape);
  if (read === undefined) {
    const [kind = "", orNull] = shape.replace("?", "").split("|");
    read = { kind, orNull: orNull !== undefined, orAbsent: shape.endsWith("?") };
    readKinds.set(shape, read);
  }
  return read;
}

function misfitOfKind(value: unknown, shape: string, name: string): string | null {
  const { kind, orNull, orAbsent } = readKind(shape);
  if ((value === undefined && orAbsent) || (value === null && orNull)) return null;
  const good = typeof value === TYPE_OF[kind] && (typeof value !== "number" || isDrawable(value));
  return good ? null : `${name} must be ${WORDS[kind]}${orNull ? " or null" : ""}, and is ${shown(value)}`;
}

function isDrawable(value: number): boolean {
  return value >= 0 && value <= Number.MAX_SAFE_INTEGER;
}

const MOST_SHOWN = 40;

function shown(value: unknown): string {
  if (value === undefined) return "missing";
  if (value === Number.POSITIVE_INFINITY) return "larger than any number";
  const text = JSON.stringify(value);
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text;
}
