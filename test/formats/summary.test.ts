import { describe, expect, it } from "vitest";
import { colourPaint } from "../../src/formats/paint.ts";
import { formatSummary } from "../../src/formats/summary.ts";
import { makeMigration, makeResult, makeRound } from "../support/fixtures.ts";

const command = "precopy run x.yaml --seed 1";

function widest(text: string): number {
  return Math.max(...text.split("\n").map((line) => [...line].length));
}

describe("a summary", () => {
  it("says the verdict first, then why, and ends with the command that runs it again", () => {
    const files = [{ what: "Trace", path: "a.jsonl", remark: "(28 events)" }];
    expect(formatSummary(makeResult(), { command, files })).toMatchInlineSnapshot(`
      "web01 moved from HV01 to HV02 (hyper-v-2008r2): 31.2 s in all, guest stood still
      1.24 s, clients noticed 1.90 s.
      Pre-copy ended after 2 rounds by the pass limit; 1.08 GiB went over the network.

      Round    start    took    pages     zero    MiB  MiB/s   dirty
      1       5.50 s  25.0 s  262,144  131,072  1,026   41.0  26,214 █████████████████
      2      30.50 s  3.00 s   20,000        0   78.3   26.1   2,000 █▎
      last   33.70 s  300 ms    2,000        0   7.83   26.1       0 ▏

      Blackout                 took
      stop the processors    200 ms  █████▊
      copy the last pages    300 ms  ████████▊
      hand over the storage  640 ms  ██████████████████▋
      start at the target    100 ms  ██▉

      downtime, stop to run                  1.24 s
      downtime as the hypervisor reports it  1.10 s
      client outage, the worst client's      1.90 s

      1 constant in force is an assumption (--assumptions lists it).

      Trace: a.jsonl (28 events)

      Run it again: precopy run x.yaml --seed 1
      "
    `);
  });

  it("says what did not happen, and why", () => {
    const migration = makeMigration({
      outcome: "not-converged",
      reason: "the guest dirties 40,000 pages/s and the link sends 27,000",
      endedBy: null,
      downtimeSeconds: null,
      reportedDowntimeSeconds: null,
      clientOutageSeconds: null,
      blackout: [],
    });
    const lines = formatSummary(makeResult([migration]), { command }).split("\n");
    expect(lines.slice(0, 2)).toEqual([
      "web01 did not move from HV01 to HV02 (hyper-v-2008r2): not-converged.",
      "The guest dirties 40,000 pages/s and the link sends 27,000.",
    ]);
    expect(lines.join("\n")).not.toMatch(/Blackout|downtime/);
  });

  it("begins a reason with a capital, but for names", () => {
    const told = (reason: string) =>
      formatSummary(makeResult([makeMigration({ outcome: "failed", reason })]), { command });
    expect(told("the link broke")).toContain("\nThe link broke.\n");
    expect(told("web01 is being backed up.")).toContain("\nweb01 is being backed up.\n");
  });

  it("tells apart clients that noticed nothing from a guest without clients", () => {
    const verdict = (seconds: number | null) =>
      formatSummary(makeResult([makeMigration({ clientOutageSeconds: seconds })]), { command });
    expect(verdict(0)).toContain("clients noticed nothing");
    expect(verdict(0)).toMatch(/client outage.* 0 s/);
    expect(verdict(null)).not.toContain("client");
  });

  it("shows bars in proportion to what was sent, and something for the smallest", () => {
    const rounds = [makeRound(1, 0, 10, 100_000), makeRound(2, 10, 5, 50_000), makeRound(3, 15, 1, 1)];
    const text = formatSummary(makeResult([makeMigration({ rounds })]), { command });
    const [first, second, third] = [...text.matchAll(/^\d .*?([█▏▎▍▌▋▊▉]+)$/gm)].map((match) => match[1] as string);
    expect(first?.length).toBeGreaterThan(5);
    expect(Math.abs((second as string).length - (first as string).length / 2)).toBeLessThanOrEqual(1);
    expect(third).toBe("▏");
  });

  it("leaves out the middle of many rounds, and says so", () => {
    const rounds = Array.from({ length: 200 }, (_, i) => makeRound(i + 1, i, 1, 1_000));
    const text = formatSummary(makeResult([makeMigration({ rounds })]), { command });
    expect(text).toContain("\n... 182 more rounds: --json has them all.\n");
    expect(text).toMatch(/^12 .*\n\.\.\. 182 .*\n195 /m);
    expect(text.split("\n").length).toBeLessThan(50);
  });

  it("lists several migrations, the details of a few", () => {
    const migrations = Array.from({ length: 60 }, (_, i) => makeMigration({ vm: `web${i}`, downtimeSeconds: i / 10 }));
    migrations[7] = makeMigration({ vm: "web7", outcome: "failed", reason: "the link broke", downtimeSeconds: null });
    const text = formatSummary(makeResult(migrations), { command });
    expect(text.split("\n").slice(0, 2).join(" ")).toBe(
      "59 of 60 migrations completed; longest downtime 5.90 s (web59); longest client outage 1.90 s (web0).",
    );
    expect(text).toMatch(/^web7 did not move[\s\S]*^web0 moved/m);
    expect(text).toMatch(/^web7 .*failed/m);
    expect(text).toMatch(/\d+ more with rounds and blackout/);
    expect(text.match(/^Round/gm)).toHaveLength(4);
  });

  it("says that nothing was asked for", () => {
    expect(formatSummary(makeResult([]), { command })).toMatch(/^Nothing was to be migrated/);
  });

  it("fits into 80 columns, whatever the numbers are", () => {
    const rounds = [
      {
        ...makeRound(1, 3600.123, 86_400, 268_435_456),
        zeroPagesSent: 268_435_456,
        dirtyPagesAtEnd: 268_435_456,
        throttle: 0.99,
      },
      { ...makeRound(1000, 1e6, 1e-7, 0), final: true },
    ];
    const warnings = [
      "the environment is an assumption from end to end and nothing that comes of it should be promised",
    ];
    const result = { ...makeResult([makeMigration({ rounds })]), warnings };
    expect(widest(formatSummary(makeResult(), { command, listAssumptions: true }))).toBeLessThanOrEqual(80);
    // The widest numbers there are leave no room for bars but a few columns.
    expect(widest(formatSummary(result, { command }))).toBeLessThanOrEqual(110);
  });

  it("is the same text in colour", () => {
    const coloured = formatSummary(makeResult(), { command, paint: colourPaint });
    expect(coloured).toContain("\u001b[");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours start with the escape character.
    expect(coloured.replace(/\u001b\[\d+m/g, "")).toBe(formatSummary(makeResult(), { command }));
  });

  it("holds hundreds of thousands of rounds", () => {
    const rounds = Array.from({ length: 300_000 }, (_, index) => ({
      ...makeRound(1, index, 1, 1000),
      round: index + 1,
    }));
    const summary = formatSummary(makeResult([makeMigration({ rounds })]), { command, files: [] });
    expect(summary).toContain("more rounds: --json has them all.");
    expect(summary.split("\n").length).toBeLessThan(60);
  });
});
