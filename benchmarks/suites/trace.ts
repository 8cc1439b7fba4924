/** What recording a trace adds to a run. */
import { eventLine, PreparedScenario, type TraceEvent } from "../../sim/index.ts";
import { measureByTurns, type Timing, turnOf } from "../measure.ts";
import { PROFILE_NAMES, type ProfileName, tenRounds } from "../scenarios.ts";
import { type Figure, type Suite, timeFigure, timeRatio } from "../suite.ts";

export const traceSuite: Suite = {
  name: "trace",
  title: "A run without a trace, with its events kept, and with them written as lines",
  run: () => ({ figures: PROFILE_NAMES.flatMap(figuresOf), skipped: [] }),
};

function figuresOf(profile: ProfileName): Figure[] {
  const prepared = new PreparedScenario(tenRounds(profile, { pingIntervalSeconds: 0.1 }));
  let seed = 0;
  let bytes = 0;
  const [silent, kept, written] = measureByTurns([
    turnOf("silent", () => prepared.run({ seed: String(seed++) })),
    turnOf("kept", () => {
      const events: TraceEvent[] = [];
      prepared.run({ seed: String(seed++), onEvent: (event) => events.push(event) });
    }),
    turnOf("written", () => {
      prepared.run({
        seed: String(seed++),
        onEvent: (event) => {
          bytes += eventLine(event).length;
        },
      });
    }),
  ]) as [Timing, Timing, Timing];
  let events = 0;
  bytes = 0;
  prepared.run({
    onEvent: (event) => {
      events++;
      bytes += eventLine(event).length + 1;
    },
  });
  return [
    timeFigure(`${profile}: no trace`, "run", silent),
    timeFigure(`${profile}: events kept`, "run", kept),
    timeFigure(`${profile}: events written as lines`, "run", written),
    timeRatio(`${profile}: events kept / no trace`, kept, silent),
    timeRatio(`${profile}: events written as lines / no trace`, written, silent),
    { kind: "count", name: `${profile}: events of a run`, value: events },
    { kind: "bytes", name: `${profile}: lines of a run`, value: bytes },
  ];
}
