import { existsSync, readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { precopy, temporaryFolder } from "../support/cli.ts";
import { SMALL_SCENARIO, spoil } from "../support/scenario-text.ts";

/** What is wrong, the text that makes it so, and what the message must name: line and path, problem, remedy. */
const SPOILT: [fault: string, text: string, place: string, words: RegExp][] = [
  [
    "an unknown key",
    spoil("used: 50 %", "usde: 50 %"),
    "17:5: vms[0].usde: ",
    /unknown key[\s\S]*Did you mean "used"\?/,
  ],
  ["an unknown key at the top", spoil("seed: 1", "sead: 1"), "3:1: sead: ", /Did you mean "seed"\?/],
  ["a wrong unit", spoil("memory: 1 GiB", "memory: 1 GHz"), "16:5: vms[0].memory: ", /GHz[\s\S]*4 GiB/],
  ["a negative size", spoil("memory: 1 GiB", "memory: -1 GiB"), "16:5: vms[0].memory: ", /negative/],
  ["an absurd size", spoil("memory: 1 GiB", "memory: 900 PiB"), "16:5: vms[0].memory: ", /too large/],
  ["a size that is no number", spoil("memory: 1 GiB", "memory: .nan"), "16:5: vms[0].memory: ", /4 GiB/],
  ["a node that does not exist", spoil("node: HV01", "node: HV03"), "15:5: vms[0].node: ", /no node "HV03"[\s\S]*HV01/],
  [
    "a target that does not exist",
    spoil("to: HV02", "to: HV03"),
    "23:24: timeline[0].migrate.to: ",
    /no node "HV03"[\s\S]*HV01, HV02/,
  ],
  ["a migration to itself", spoil("to: HV02", "to: HV01"), "23:24: timeline[0].migrate.to: ", /already/],
  [
    "a target without room",
    spoil("name: HV02, memory: 8 GiB", "name: HV02, memory: 512 MiB"),
    "23:24: timeline[0].migrate.to: ",
    /no room[\s\S]*512 MiB/,
  ],
  [
    "different system drive letters",
    spoil("name: HV02,", 'name: HV02, systemDrive: "D:",'),
    "8:18: nodes[1].systemDrive: ",
    /system drive D:[\s\S]*same system drive/,
  ],
  [
    "a move from Intel to AMD",
    spoil("name: HV02,", "name: HV02, cpu: {vendor: amd},"),
    "23:24: timeline[0].migrate.to: ",
    /intel[\s\S]*amd[\s\S]*same maker/,
  ],
  ["a profile that does not exist", spoil("qemu-7.2", "qemu-72"), "23:34: timeline[0].migrate.profile: ", /"qemu-7.2"/],
  ["a key given twice", spoil("name: a small", "seed: 2\nname: a small"), "4:1: ", /twice/],
  ["a tab", spoil("  - name: vm1", "\t- name: vm1"), "14:", /[Tt]ab|indent/],
  ["a bracket left open", spoil("carries: [migration, cluster, client]", "carries: [migration"), "10:", /YAML/],
  ["two scenarios in one file", `${SMALL_SCENARIO}---\n${SMALL_SCENARIO}`, "24", /second document/],
  ["a tag", spoil("seed: 1", "seed: !secret 1"), "3:7: ", /tag/],
  ["text that is no scenario", "Dear all,\nplease migrate web01 tonight.\n", "1", /not a scenario/],
  ["a list", "- a\n- b\n", "1", /not a scenario/],
];

describe("bad scenarios get exit code 2 and a message with file, line and path", () => {
  it.each(SPOILT)("%s", (_fault, text, place, words) => {
    const folder = temporaryFolder({ "bad.yaml": text });
    const { exitCode, stdout, stderr } = precopy(["run", "bad.yaml", "--trace", "run.jsonl", "--json"], {
      cwd: folder,
    });
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr.startsWith(`precopy: bad.yaml:${place}`), stderr).toBe(true);
    expect(stderr).toMatch(words);
    expect(stderr).not.toMatch(/\bat .*\.js:\d/);
    expect(readdirSync(folder)).toEqual(["bad.yaml"]);
  });

  it.each<[string, string | Uint8Array, RegExp]>([
    ["an empty file", "", /is empty\. Start from/],
    ["only comments", "# nothing yet\n", /is empty\. Start from/],
    ["a program", new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0]), /is not a text file\. Give a scenario/],
    [
      "Latin-1",
      new Uint8Array([0x6e, 0x61, 0x6d, 0x65, 0x3a, 0x20, 0xe9, 0x0a]),
      /is not a text file\. Give a scenario/,
    ],
    ["brackets without end", "[".repeat(100_000), /nested too deeply/],
    ["lists in lists on one line", `${"- ".repeat(100_000)}1`, /nested too deeply/],
    ["an alias of nothing", "name: *nobody\n", /alias[\s\S]*nobody/],
    [
      "aliases that grow without bound",
      [
        "a: &a [x, x, x, x, x, x, x, x, x]",
        ..."bcdefgh".split("").map((key, i) => `${key}: &${key} [${`*${"abcdefgh"[i]}, `.repeat(9)}]`),
      ].join("\n"),
      /aliases \(\*name\) stand for too much/,
    ],
  ])("%s", (_fault, content, words) => {
    const folder = temporaryFolder({ "bad.yaml": content });
    const { exitCode, stdout, stderr } = precopy(["run", "bad.yaml"], { cwd: folder });
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toMatch(/^precopy: bad\.yaml/);
    expect(stderr).toMatch(words);
  });

  it("tells all that is wrong, in the order of the lines", () => {
    const text = spoil("seed: 1", "sead: 1").replace("node: HV01", "node: HV9").replace("1 Gbit/s", "1 furlong");
    const { exitCode, stderr } = precopy(["run", "-"], { input: text });
    expect(exitCode).toBe(2);
    expect(stderr).toMatchInlineSnapshot(`
      "precopy: 3 problems in standard input
      standard input:3:1: sead: unknown key "sead" at the top of the file.
        Did you mean "seed"? (keys: $schema, schemaVersion, name, description, seed, horizon, environment, failover, nodes, networks, volumes, vms, ... (13 in all)).
      standard input:10:17: networks[0].bandwidth: bandwidth: '1 furlong' is not a data rate: 'furlong' is not one of its units.
        Write for example 1 Gbit/s, 40 Mbps or 128 MiB/s; b means bits and B bytes, and Gbit is 10^9 bits, MiB 2^20 bytes.
      standard input:15:5: vms[0].node: there is no node "HV9".
        Nodes: HV01, HV02.
      "
    `);
  });

  it("names a file that is not there", () => {
    const { exitCode, stderr } = precopy(["run", "nowhere.yaml"]);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 2,
      stderr: "precopy: cannot read nowhere.yaml: there is no such file or folder. Check the path.\n",
    });
  });

  it("tells a setting that leads nowhere", () => {
    const { exitCode, stderr } = precopy(["run", "-", "--set", "vms.vm7.memory=1GiB"], { input: SMALL_SCENARIO });
    expect(exitCode).toBe(2);
    expect(stderr).toContain("vm7");
  });

  it.runIf(existsSync("/proc/self/mem"))("says of a folder that it is one", () => {
    const { exitCode, stderr } = precopy(["run", "."]);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 2,
      stderr: "precopy: cannot read .: it is a folder. Name a file.\n",
    });
  });
});

describe("bad measured runs get exit code 2", () => {
  it.each<[string, string | Uint8Array, RegExp]>([
    ["a truncated one", '{"schemaVersion": 1, "kind": "idle", "inp', /^precopy: .*cut\.json/],
    ["one of another shape", '{"schemaVersion": 1}', /^precopy: .*cut\.json/],
    ["one that is no text", new Uint8Array([0xff, 0xfe, 0, 1]), /^precopy: .*cut\.json/],
  ])("%s", (_fault, content, words) => {
    const folder = temporaryFolder({ "cut.json": content });
    const { exitCode, stdout, stderr } = precopy(["validate", "cut.json", "--json"], { cwd: folder });
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toMatch(words);
  });

  it("one that is not there", () => {
    const { exitCode, stdout, stderr } = precopy(["validate", "nowhere.json"]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain("nowhere.json");
  });
});
