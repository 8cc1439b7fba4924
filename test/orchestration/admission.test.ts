import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Simulation } from "../../sim/kernel/simulation.ts";
import { Admission, type AdmissionRequest } from "../../sim/orchestration/admission.ts";
import { at, KeepingRecorder } from "../support/kept-events.ts";
import "../support/fixed-seed.ts";

function build() {
  const simulation = new Simulation("1");
  const recorder = new KeepingRecorder();
  const admission = new Admission({ simulation, recorder });
  const admitted: number[] = [];
  let asked = 0;
  /** Asks for `"A>B"`. */
  const ask = (route: string, migrationsPerNode = 1): AdmissionRequest => {
    const [from, to] = route.split(">");
    const migration = asked++;
    const request = { migration, from, to, migrationsPerNode, onAdmitted: () => void admitted.push(migration) };
    admission.request(request);
    return request;
  };
  return { simulation, recorder, admission, admitted, ask };
}

describe("admission", () => {
  it("lets a node take part in one migration at a time, as source or as target", () => {
    const { recorder, admission, admitted, ask } = build();
    const first = ask("A>B");
    ask("A>C");
    ask("D>B");
    ask("B>E");
    ask("F>G");
    expect(admitted).toEqual([0, 4]);
    expect(recorder.of("migration.queued").map((event) => [event.t, event.migration, event.reason])).toEqual([
      [0, 1, "A takes part in 1 of at most 1 migration at a time."],
      [0, 2, "B takes part in 1 of at most 1 migration at a time."],
      [0, 3, "B takes part in 1 of at most 1 migration at a time; 1 waits there before this one."],
    ]);
    admission.release(first);
    expect(admitted).toEqual([0, 4, 1, 2]);
    expect(admission.waiting).toBe(1);
  });

  it("lets 16 nodes run eight at a time", () => {
    const { admitted, ask } = build();
    for (let from = 0; from < 16; from += 1) for (let to = 0; to < 16; to += 1) if (from !== to) ask(`n${from}>n${to}`);
    // n0>n1 first; those that wait for n0 hold their turn at every other node.
    expect(admitted.length).toBe(1);
    const pairs = build();
    for (let pair = 0; pair < 8; pair += 1) pairs.ask(`n${2 * pair}>n${2 * pair + 1}`);
    expect(pairs.admitted.length).toBe(8);
    for (let from = 0; from < 16; from += 1) pairs.ask(`n${from}>n${(from + 3) % 16}`);
    expect(pairs.admitted.length).toBe(8);
  });

  it("never limits those that have no limit", () => {
    const { recorder, admitted, ask } = build();
    for (let migration = 0; migration < 20; migration += 1) ask("A>B", Number.POSITIVE_INFINITY);
    expect(admitted.length).toBe(20);
    expect(recorder.events).toEqual([]);
  });

  it("gives a node as many slots as are allowed", () => {
    const { admission, admitted, ask } = build();
    const first = ask("A>B", 2);
    ask("A>C", 2);
    ask("A>D", 2);
    ask("B>C", 2);
    expect(admitted).toEqual([0, 1, 3]);
    admission.release(first);
    expect(admitted).toEqual([0, 1, 3, 2]);
  });

  it("goes along a chain in the order of arrival", () => {
    const { admission, admitted, ask } = build();
    const chain = ["A>B", "B>C", "C>D", "D>E"].map((route) => ask(route));
    expect(admitted).toEqual([0]);
    for (const request of chain) admission.release(request);
    expect(admitted).toEqual([0, 1, 2, 3]);
  });

  it("lets nobody overtake at a node, so that nobody starves", () => {
    const { admission, admitted, ask } = build();
    let busyA = ask("A>X");
    const busyB = ask("B>Y");
    const patient = ask("A>B");
    // A stream of others that would each find A free for a moment.
    for (let other = 0; other < 5; other += 1) ask("A>X");
    admission.release(busyA);
    expect(admitted).toEqual([0, 1]);
    admission.release(busyB);
    expect(admitted).toEqual([0, 1, 2]);
    busyA = patient;
    admission.release(busyA);
    expect(admitted).toEqual([0, 1, 2, 3]);
  });

  it("passes on the turn of one that gives up waiting", () => {
    const { admission, admitted, ask } = build();
    ask("A>B");
    const impatient = ask("B>C");
    ask("C>D");
    admission.release(impatient);
    expect(admitted).toEqual([0, 2]);
    expect(admission.waiting).toBe(0);
  });

  it("stands requests and releases made while admitting", () => {
    const { simulation, admission } = build();
    const log: string[] = [];
    // Each fails as soon as it is admitted, and the second asks for one more first.
    const make = (migration: number, from: string, to: string, then?: () => void): AdmissionRequest => {
      const request: AdmissionRequest = {
        migration,
        from,
        to,
        migrationsPerNode: 1,
        onAdmitted: () => {
          log.push(`${migration} at ${simulation.now}`);
          then?.();
          admission.release(request);
        },
      };
      return request;
    };
    const holder: AdmissionRequest = { migration: 0, from: "A", to: "B", migrationsPerNode: 1, onAdmitted() {} };
    admission.request(holder);
    admission.request(make(1, "A", "C"));
    admission.request(make(2, "B", "A", () => admission.request(make(4, "A", "B"))));
    admission.request(make(3, "B", "C"));
    at(simulation, 5, () => admission.release(holder));
    simulation.run(10);
    expect(log).toEqual(["1 at 5", "2 at 5", "3 at 5", "4 at 5"]);
    expect(admission.waiting).toBe(0);
  });

  it("stands any number that end as soon as they are admitted", () => {
    const { admission, ask } = build();
    const holder = ask("A>B");
    let ended = 0;
    for (let migration = 1; migration <= 20_000; migration += 1) {
      const request: AdmissionRequest = {
        migration,
        from: "A",
        to: "B",
        migrationsPerNode: 1,
        onAdmitted: () => {
          ended += 1;
          admission.release(request);
        },
      };
      admission.request(request);
    }
    admission.release(holder);
    expect(ended).toBe(20_000);
  });

  it("refuses what can never be admitted, asking twice and releasing what never asked", () => {
    const { admission, ask } = build();
    expect(() => ask("A>B", 0)).toThrow(RangeError);
    const request = ask("A>B");
    expect(() => admission.request(request)).toThrow("already");
    admission.release(request);
    expect(() => admission.release(request)).toThrow("not asked");
  });

  it("admits everyone once, never above the limit, and whoever came first is never kept waiting by who came later", () => {
    const routes = fc
      .tuple(fc.nat(4), fc.nat(4))
      .filter(([from, to]) => from !== to)
      .map(([from, to]) => `n${from}>n${to}`);
    fc.assert(
      fc.property(
        fc.array(fc.record({ route: routes, releases: fc.nat(2), pick: fc.nat(100) }), { maxLength: 30 }),
        fc.integer({ min: 1, max: 3 }),
        (steps, limit) => {
          const { admission, admitted, ask } = build();
          const requests: AdmissionRequest[] = [];
          const underWay: AdmissionRequest[] = [];
          let seen = 0;
          const check = () => {
            for (; seen < admitted.length; seen += 1) underWay.push(requests[admitted[seen]]);
            for (let node = 0; node < 5; node += 1) {
              const here = (request: AdmissionRequest) => request.from === `n${node}` || request.to === `n${node}`;
              expect(underWay.filter(here).length).toBeLessThanOrEqual(limit);
              // With more slots a later one may use a slot that no earlier one needs yet.
              if (limit > 1) continue;
              const order = admitted.filter((migration) => here(requests[migration]));
              expect(order).toEqual([...order].sort((one, other) => one - other));
            }
            // The longest-waiting one waits for a node that is full, not for a turn.
            const first = requests.find((request) => !admitted.includes(request.migration));
            if (first === undefined) return;
            const load = (node: string) =>
              underWay.filter((request) => request.from === node || request.to === node).length;
            expect(Math.max(load(first.from), load(first.to))).toBe(limit);
          };
          const release = (pick: number) => {
            if (underWay.length === 0) return;
            admission.release(underWay.splice(pick % underWay.length, 1)[0]);
            check();
          };
          for (const { route, releases, pick } of steps) {
            // The request is in the list before it can be admitted.
            const [from, to] = route.split(">");
            requests.push({ migration: requests.length, from, to, migrationsPerNode: limit, onAdmitted() {} });
            requests[requests.length - 1] = ask(route, limit);
            check();
            for (let count = 0; count < releases; count += 1) release(pick);
          }
          while (underWay.length > 0) release(0);
          expect([...admitted].sort((one, other) => one - other)).toEqual(requests.map((_request, index) => index));
          expect(admission.waiting).toBe(0);
        },
      ),
    );
  });
});
