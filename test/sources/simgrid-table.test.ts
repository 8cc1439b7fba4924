import { expect, test } from "vitest";
import { readSimgridTable } from "../../src/sources/simgrid-table.ts";

const HEADER =
  "net_model,ram_bytes,working_set_bytes,link_Bps,latency_s,mig_speed_Bps,dirty_intensity,dirty_rate_Bps,max_downtime_s,rounds,bytes_sent,total_time_s,downtime_s,outcome";
const ROW =
  "CM02,536870912,483183821,125000000,0,125000000,0.05,6250000,0.3,0,563714457,4.50971566,0.21474836,converged";

test("a row that did not converge has no times", () => {
  const cut = ROW.replace("4.50971566,0.21474836,converged", ",,not-converged-by-20000s");
  const read = readSimgridTable(`${HEADER}\n${ROW}\n${cut}\n`, "single.csv");
  expect(read).toMatchObject({
    ok: true,
    value: [
      { row: 1, converged: true, totalSeconds: 4.50971566, downtimeSeconds: 0.21474836, rounds: 0 },
      { row: 2, converged: false, totalSeconds: null, downtimeSeconds: null },
    ],
  });
});

test("what is wrong is told with file and line", () => {
  const failure = (text: string) => {
    const read = readSimgridTable(text, "single.csv");
    return read.ok ? "" : read.failure.message;
  };
  expect(failure("a,b\n1,2\n")).toContain("single.csv:1: the header");
  expect(failure(`${HEADER}\n${ROW}\n${ROW.replace("536870912", "much")}\n`)).toContain(
    'single.csv:3: ram_bytes is "much"',
  );
  expect(failure(`${HEADER}\n${ROW.replace("CM02", "CM03")}\n`)).toContain('single.csv:2: net_model is "CM03"');
  expect(failure(`${HEADER}\n${ROW.replace("4.50971566", "")}\n`)).toContain("total_time_s");
});
