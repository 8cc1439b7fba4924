/** The name of a scenario that does not change with how it is written. */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import type { Scenario } from "./scenario.ts";

/** JSON with the keys of every object sorted by code unit, and no white space; numbers as ECMAScript writes them. */
export function canonicalJson(value: unknown): string {
  return new CanonicalWriter().write(value);
}

/** A key of an object, and how it is written. */
interface Key {
  readonly name: string;
  readonly text: string;
}

/** Machines of one template share what they have in common: each shared list is written once, and like keys are sorted once. */
class CanonicalWriter {
  readonly #lists = new Map<unknown, string>();
  /** Sorted, by the keys as they come. */
  readonly #sortedKeys = new Map<string, readonly Key[]>();

  write(value: unknown): string {
    if (typeof value !== "object" || value === null) return JSON.stringify(value);
    if (Array.isArray(value)) return this.#list(value);
    let text = "";
    for (const { name, text: key } of this.#keysOf(value)) {
      const item = (value as Readonly<Record<string, unknown>>)[name];
      if (item === undefined) continue;
      text += `${text === "" ? "" : ","}${key}:${this.write(item)}`;
    }
    return `{${text}}`;
  }

  #list(list: readonly unknown[]): string {
    let text = this.#lists.get(list);
    if (text === undefined) {
      text = `[${list.map((item) => this.write(item)).join(",")}]`;
      this.#lists.set(list, text);
    }
    return text;
  }

  #keysOf(value: object): readonly Key[] {
    const names = Object.keys(value);
    const asTheyCome = JSON.stringify(names);
    let keys = this.#sortedKeys.get(asTheyCome);
    if (keys === undefined) {
      // Without a rule of its own, sort goes by code unit.
      keys = names.sort().map((name) => ({ name, text: JSON.stringify(name) }));
      this.#sortedKeys.set(asTheyCome, keys);
    }
    return keys;
  }
}

/** SHA-256 of a text's UTF-8, in hexadecimal. */
export type Sha256 = (text: string) => string;

/** The one that goes everywhere; where there is a faster one, it can be given instead. */
export const portableSha256: Sha256 = (text) => bytesToHex(sha256(utf8ToBytes(text)));

/** SHA-256 of the normalised scenario's canonical JSON, in hexadecimal: the same for YAML and JSON, `4 GiB` and 4294967296. */
export function scenarioSha256(scenario: Scenario, sha256OfText: Sha256 = portableSha256): string {
  return sha256OfText(canonicalJson(scenario));
}
