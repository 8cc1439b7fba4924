/** What a larger guest and a longer simulated time cost: nothing, it is hoped. */
import { PreparedScenario, type Scenario } from "../../sim/index.ts";
import { liveBytes } from "../heap.ts";
import { measureByTurns, type Timing, turnOf } from "../measure.ts";
import { PROFILE_NAMES, type ProfileName, tenRounds } from "../scenarios.ts";
import { type Figure, middle, middleFigure, type Suite, timeFigure, timeRatio } from "../suite.ts";

const LARGE_GIBIBYTES = 1024;
const HOUR_SECONDS = 3600;
/** The second migration of a pair starts a minute after the first, which takes 20 s. */
const PAUSE_SECONDS = 60;
/** Many short turns: ratios are taken of turns that follow each other. */
const TURN = { turnSeconds: 0.3 };
const WARM_UP_RUNS = 300;
const HEAP_READS = 15;

export const guestSizeSuite: Suite = {
  name: "guest-size",
  title: "A 1 TiB guest against one of 1 GiB with as many rounds, and an hour of quiet against none",
  run: () => ({
    figures: [
      ...PROFILE_NAMES.flatMap((profile) => sizesOf(profile, false)),
      ...sizesOf("qemu-7.2", true),
      ...PROFILE_NAMES.flatMap(quietOf),
    ],
    skipped: [],
  }),
};

function sizesOf(profile: ProfileName, tracksByChunk: boolean): Figure[] {
  const label = tracksByChunk ? `${profile}, tracked by chunks of 1 GiB` : profile;
  const small = new PreparedScenario(tenRounds(profile, { tracksByChunk }));
  const large = new PreparedScenario(tenRounds(profile, { tracksByChunk, gibibytes: LARGE_GIBIBYTES }));
  const [smallTime, largeTime] = timesOf(small, large);
  const smallHeld = heldDuring(small);
  return [
    timeFigure(`${label}: 1 GiB`, "migration", smallTime),
    timeFigure(`${label}: 1 TiB`, "migration", largeTime),
    timeRatio(`${label}: time, 1 TiB / 1 GiB`, largeTime, smallTime),
    middleFigure("bytes", `${label}: memory held as the guest stops, 1 GiB`, smallHeld),
    middleFigure(
      "ratio",
      `${label}: memory held, 1 TiB / 1 GiB`,
      heldDuring(large).map((bytes) => bytes / middle(smallHeld)),
    ),
  ];
}

function quietOf(profile: ProfileName): Figure[] {
  const pair = (secondAtSeconds: number): Scenario =>
    tenRounds(profile, { migrateAtSeconds: [1, secondAtSeconds], pingIntervalSeconds: 0.01 });
  const close = new PreparedScenario(pair(1 + PAUSE_SECONDS));
  const apart = new PreparedScenario(pair(1 + PAUSE_SECONDS + HOUR_SECONDS));
  const [closeTime, apartTime] = timesOf(close, apart);
  return [
    timeFigure(`${profile}: there and back, a client pinging`, "two migrations", closeTime),
    timeFigure(`${profile}: with an hour of quiet between`, "two migrations", apartTime),
    timeRatio(`${profile}: time, with / without the hour`, apartTime, closeTime),
  ];
}

function timesOf(one: PreparedScenario, other: PreparedScenario): [Timing, Timing] {
  return measureByTurns([turnOf("one", runsOf(one), TURN), turnOf("other", runsOf(other), TURN)], 11) as [
    Timing,
    Timing,
  ];
}

/** Runs of the scenario, each with its own seed. */
function runsOf(prepared: PreparedScenario): () => unknown {
  let seed = 0;
  return () => prepared.run({ seed: String(seed++) });
}

/** Bytes that a run holds at the moment in which its guest is stopped, beyond what is left when it is over; read several times. */
function heldDuring(prepared: PreparedScenario): number[] {
  const run = runsOf(prepared);
  for (let warmUp = 0; warmUp < WARM_UP_RUNS; warmUp++) run();
  return Array.from({ length: HEAP_READS }, () => {
    let during = 0;
    prepared.run({
      onEvent: ({ type }) => {
        if (type === "vm.stopped") during = liveBytes();
      },
    });
    return during - liveBytes();
  });
}
