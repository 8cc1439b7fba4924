/**
 * docs/assumptions.md holds tables of what each assumed constant does to one example of each hypervisor; they are worked out
 * here. PRECOPY_UPDATE_GOLDEN=1 writes them anew.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import {
  formatParameterValue,
  formatSeconds,
  knownModels,
  type Overrides,
  type Parameter,
  PreparedScenario,
  parseScenario,
  type Scenario,
  scenarioKey,
} from "../../sim/index.ts";

/** Examples whose migrations complete, one at least for each profile; `title` heads their tables. */
const EXAMPLES: readonly { readonly title: string; readonly example: string }[] = [
  { title: "hyper-v-2008, quick migration", example: "hyper-v-2008-quick-migration" },
  { title: "hyper-v-2008r2", example: "hyper-v-2008r2-web-server" },
  { title: "hyper-v-2012r2", example: "hyper-v-2012r2-compressed" },
  { title: "hyper-v-2016", example: "hyper-v-2016-smb-direct" },
  { title: "vsphere-4", example: "vsphere-4-quick-resume" },
  { title: "vsphere-5", example: "vsphere-5-stun-during-page-send" },
  { title: "xen", example: "xen-database" },
  { title: "xenserver-5", example: "xenserver-5-skips-hot-pages" },
  { title: "qemu-7.2", example: "qemu-300ms-limit" },
  { title: "qemu-7.2, post-copy", example: "qemu-postcopy" },
  { title: "qemu-10, auto-converge", example: "qemu-10-auto-converge" },
];

const SEEDS = ["1", "2", "3"];

/** Changes below both are told as none: they are of the order of what another seed makes. */
const LEAST_CHANGE_SECONDS = 0.0005;
const LEAST_CHANGE_SHARE = 0.002;

const root = new URL("../../", import.meta.url);
const PAGE = fileURLToPath(new URL("docs/assumptions.md", root));

interface Times {
  downtimeSeconds: number;
  totalSeconds: number;
  brownoutSeconds: number;
}

function scenarioOf(example: string): Scenario {
  const read = parseScenario(parse(readFileSync(new URL(`examples/${example}.yaml`, root), "utf8")));
  if (!read.ok) throw new Error(`examples/${example}.yaml: ${JSON.stringify(read.problems)}`);
  return read.value;
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[(values.length - 1) / 2] as number;

/** Medians over the seeds of the worst migration's times; Infinity where it did not complete. */
function timesOf(scenario: Scenario): Times {
  const prepared = new PreparedScenario(scenario);
  const worst = (time: keyof Times) =>
    median(
      SEEDS.map((seed) =>
        Math.max(
          ...prepared
            .run({ seed })
            .migrations.map((each) => (each.outcome === "completed" ? (each[time] ?? 0) : Infinity)),
        ),
      ),
    );
  return {
    downtimeSeconds: worst("downtimeSeconds"),
    totalSeconds: worst("totalSeconds"),
    brownoutSeconds: worst("brownoutSeconds"),
  };
}

/** A constant in force that is assumed, and the scenario with another value of it. */
interface Assumed {
  name: string;
  shown: string;
  /** Halved and doubled, or flipped twice; null where that is no other value. */
  variants: readonly [Scenario | null, Scenario | null];
}

function assumedIn(scenario: Scenario): Assumed[] {
  const { assumptions } = new PreparedScenario(scenario).run({ seed: SEEDS[0] as string });
  return assumptions.flatMap(({ name, value }): Assumed[] => {
    const [owner, key] = splitName(name);
    if (owner === "workload") {
      const faster = (factor: number) => withRates(scenario, key, factor);
      return [{ name: `writes of ${key}`, shown: "as the preset", variants: [faster(0.5), faster(2)] }];
    }
    const found = parameterOf(scenario, owner, key);
    if (found === null) throw new Error(`nothing is known of ${name}`);
    const [fullName, parameter] = found;
    const variants = otherValues(parameter, value as number | boolean).map((other) =>
      other === null ? null : withValue(scenario, owner, fullName, other),
    ) as [Scenario | null, Scenario | null];
    return [{ name, shown: formatParameterValue(parameter.kind, value as number | boolean), variants }];
  });
}

/** `hyper-v-2016.switchover`: profiles' names may have dots, keys have none. */
function splitName(name: string): [string, string] {
  const dot = name.startsWith("workload.") ? "workload".length : name.lastIndexOf(".");
  return [name.slice(0, dot), name.slice(dot + 1)];
}

function parameterOf(scenario: Scenario, owner: string, key: string): [string, Parameter] | null {
  const name = owner === "environment" ? scenario.environment.preset : owner;
  const models = [...knownModels.profiles, ...(knownModels.managers ?? []), ...knownModels.environments];
  const table = models.find((model) => model.name === name)?.parameters ?? {};
  return Object.entries(table).find(([fullName, { kind }]) => scenarioKey(fullName, kind) === key) ?? null;
}

function otherValues(
  parameter: Parameter,
  value: number | boolean,
): [number | boolean | null, number | boolean | null] {
  if (typeof value === "boolean") return [!value, !value];
  const { kind, least = -Infinity, greatest = Infinity } = parameter;
  const isWhole = kind === "pages" || (kind === "count" && Number.isInteger(value));
  const at = (factor: number) => {
    const other = Math.min(greatest, Math.max(least, isWhole ? Math.round(value * factor) : value * factor));
    return other === value ? null : other;
  };
  return [at(0.5), at(2)];
}

function withValue(scenario: Scenario, owner: string, fullName: string, value: number | boolean): Scenario {
  const add = (overrides: Overrides): Overrides => ({ ...overrides, [fullName]: value });
  if (owner === "environment") {
    const { preset, overrides } = scenario.environment;
    return { ...scenario, environment: { preset, overrides: add(overrides) } };
  }
  const timeline = scenario.timeline.map((entry) =>
    entry.kind === "migrate" && entry.profile === owner ? { ...entry, overrides: add(entry.overrides) } : entry,
  );
  return { ...scenario, timeline };
}

function withRates(scenario: Scenario, workload: string, factor: number): Scenario {
  const vms = scenario.vms.map((vm) =>
    vm.workload === workload
      ? { ...vm, classes: vm.classes.map((each) => ({ ...each, writesPerSecond: each.writesPerSecond * factor })) }
      : vm,
  );
  return { ...scenario, vms };
}

/** The change, or null where it is none worth telling. */
function change(before: number, after: number): string | null {
  if (after === before) return null;
  if (after === Infinity) return "does not complete";
  const seconds = after - before;
  if (Math.abs(seconds) < LEAST_CHANGE_SECONDS || Math.abs(seconds) < LEAST_CHANGE_SHARE * before) return null;
  return `${seconds > 0 ? "+" : "-"}${formatSeconds(Math.abs(seconds))}`;
}

interface Row {
  cells: string[];
  weight: number;
}

const TIME_NAMES: Readonly<Record<keyof Times, string>> = {
  downtimeSeconds: "downtime",
  totalSeconds: "total",
  brownoutSeconds: "brownout",
};

function tableOf(title: string, example: string): string {
  const scenario = scenarioOf(example);
  const base = timesOf(scenario);
  const told = (Object.keys(TIME_NAMES) as (keyof Times)[]).filter((time) => base[time] > 0);
  const rows: Row[] = [];
  const without: string[] = [];
  const fixed: string[] = [];
  for (const { name, shown, variants } of assumedIn(scenario)) {
    if (variants.every((variant) => variant === null)) {
      fixed.push(name);
      continue;
    }
    const times = variants.map((variant) => (variant === null ? null : timesOf(variant)));
    const changes = told.flatMap((time) =>
      times.map((each) => (each === null ? null : change(base[time], each[time]))),
    );
    if (changes.every((each) => each === null)) {
      without.push(name);
      continue;
    }
    const weight = Math.max(
      ...times.map((each) => (each === null ? 0 : Math.abs(each.downtimeSeconds / base.downtimeSeconds - 1))),
    );
    rows.push({ cells: [`\`${name}\``, shown, ...changes.map((each) => each ?? "")], weight });
  }
  rows.sort((a, b) => b.weight - a.weight);
  const lines = [
    `### ${title}`,
    "",
    `\`examples/${example}.yaml\`: ${told.map((time) => `${TIME_NAMES[time]} ${formatSeconds(base[time])}`).join(", ")}.`,
    "",
    `| constant | value | ${told.map((time) => `${TIME_NAMES[time]}, halved | doubled`).join(" | ")} |`,
    `|---|---|${"---|---|".repeat(told.length)}`,
    ...rows.map(({ cells }) => `| ${cells.join(" | ")} |`),
    "",
  ];
  const list = (names: readonly string[]) => names.map((name) => `\`${name}\``).join(", ");
  if (without.length > 0) lines.push(`No change worth telling: ${list(without)}.`, "");
  if (fixed.length > 0) lines.push(`Zero, so that it neither halves nor doubles: ${list(fixed)}.`, "");
  return lines.join("\n");
}

test("every hypervisor is shown", () => {
  const shown = new Set(
    EXAMPLES.flatMap(({ example }) =>
      scenarioOf(example).timeline.map((entry) => (entry.kind === "migrate" ? entry.profile : null)),
    ),
  );
  const withAssumptions = knownModels.profiles.filter(({ parameters }) =>
    Object.values(parameters).some(({ provenance }) => provenance === "assumed"),
  );
  expect(withAssumptions.map(({ name }) => name).filter((name) => !shown.has(name))).toEqual([]);
});

describe("docs/assumptions.md", () => {
  test("says of each example what it owes to each assumption", () => {
    const tables = EXAMPLES.map(({ title, example }) => tableOf(title, example));
    const text = readFileSync(PAGE, "utf8");
    const current = text.replace(
      /(<!-- assumptions:begin -->\n)[\s\S]*(<!-- assumptions:end -->)/,
      (_, begin, end) => `${begin}\n${tables.join("\n")}\n${end}`,
    );
    if (process.env.PRECOPY_UPDATE_GOLDEN === "1") writeFileSync(PAGE, current);
    expect(readFileSync(PAGE, "utf8")).toBe(current);
  });
});
