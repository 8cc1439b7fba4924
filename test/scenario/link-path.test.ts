import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { parseScenario } from "../../sim/scenario/normalise.ts";
import { formatPath } from "../../sim/scenario/problem.ts";
import { SMALL_SCENARIO } from "../support/scenario-text.ts";

const TWO_NETWORKS = SMALL_SCENARIO.replace(
  "networks:\n",
  "networks:\n  - {name: office, bandwidth: 1 Gbit/s, carries: [client]}\n",
).replace("carries: [migration, cluster, client]", "carries: [migration, cluster]");

describe("link in a path", () => {
  it("is the first network that carries migrations", () => {
    const parsed = parseScenario(parse(TWO_NETWORKS), { overrides: { "link.bandwidth": "10 Gbit/s" } });
    expect(parsed.ok && parsed.value.networks.map(({ name, bytesPerSecond }) => [name, bytesPerSecond])).toEqual([
      ["office", 125e6],
      ["lan", 1250e6],
    ]);
  });

  it("is itself where there is no such network, and told as one that is unknown", () => {
    const document = { ...parse(SMALL_SCENARIO), networks: [] };
    const parsed = parseScenario(document, { overrides: { "link.bandwidth": "10 Gbit/s" } });
    expect(parsed.ok ? [] : parsed.problems.map(({ path }) => formatPath(path))).toContain("link");
  });
});
