/** The name of a scenario that does not change with how it is written. */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import type { Scenario } from "./scenario.ts";

/** JSON with the keys of every object sorted by code unit, and no white space; numbers as ECMAScript writes them. */
export function canonicalJson(value: unknown): string {
  return written(value, new Map());
}

/** Machines of one template share what they have in common: each shared list is written once. */
function written(value: unknown, lists: Map<unknown, string>): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) {
    let text = lists.get(value);
    if (text === undefined) {
      text = `[${value.map((item) => written(item, lists)).join(",")}]`;
      lists.set(value, text);
    }
    return text;
  }
  let text = "";
  // Without a rule of its own, sort goes by code unit.
  for (const key of Object.keys(value).sort()) {
    const item = (value as Readonly<Record<string, unknown>>)[key];
    if (item === undefined) continue;
    text += `${text === "" ? "" : ","}${JSON.stringify(key)}:${written(item, lists)}`;
  }
  return `{${text}}`;
}

/** SHA-256 of the normalised scenario's canonical JSON, in hexadecimal: the same for YAML and JSON, `4 GiB` and 4294967296. */
export function scenarioSha256(scenario: Scenario): string {
  return bytesToHex(sha256(utf8ToBytes(canonicalJson(scenario))));
}
