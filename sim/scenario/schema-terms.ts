/** What the schemas of a scenario's parts share: names, times, counts of templates, values of parameters. */
import { z } from "zod";
import { count } from "./quantities.ts";

/** A year: longer runs are a slip of the unit. */
export const GREATEST_SECONDS = 31_536_000;
export const timeLimits = { least: 0, greatest: GREATEST_SECONDS, greatestText: "365 d" };

/** Names of things: they appear in commands, traces and pictures. `{i}` stands in templates only. */
const NAME_PATTERN =
  /^[\p{L}\p{N}](?:[\p{L}\p{N} ._-]|\{[ij](?::\d)?\})*$|^\{[ij](?::\d)?\}(?:[\p{L}\p{N} ._-]|\{[ij](?::\d)?\})*$/u;
export const name = () =>
  z.string().max(64).regex(NAME_PATTERN, {
    error: "a name starts with a letter or digit and holds letters, digits, spaces and . _ - only",
  });

export const templateCount = () => count({ least: 1, greatest: 100_000 });

/** A parameter's value before its kind is known. */
export const parameterValue = z.union([z.string(), z.number(), z.boolean()]);
