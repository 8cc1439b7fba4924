/** How both of Xen's streams set a migration up: pages in batches, the bitmap read only to go on. */
import { PAGE_BYTES } from "../../memory/page-class.ts";
import { BatchingSender } from "../../migration/batching-sender.ts";
import type { PrecopySetup } from "../../migration/policy.ts";
import { slowStartLagSeconds } from "../../network/tcp.ts";
import type { EnvironmentValues } from "../environments/host-parameters.ts";

/** Batches as they stand in the stream. */
interface BatchFormat {
  readonly batchPages: number;
  readonly batchHeaderBytes: number;
  readonly pageHeaderBytes: number;
}

/** What is a stream's own. */
interface Stream {
  readonly makePolicy: PrecopySetup["makePolicy"];
  /** Whether the log is peeked at before each batch; absent: not. */
  readonly peeks?: boolean;
  /** Where there is a rate limit, that of the first round; absent: there is none. */
  readonly startRateBytesPerSecond?: number;
}

export function xenSetup(format: BatchFormat, environment: EnvironmentValues, stream: Stream): PrecopySetup {
  const { copyRateBytesPerSecond: copyBytesPerSecond } = environment;
  const capBytesPerSecond = Math.min(copyBytesPerSecond, stream.startRateBytesPerSecond ?? Number.POSITIVE_INFINITY);
  return {
    makePolicy: stream.makePolicy,
    rearm: { kind: "at-sync" },
    readsToGoOn: true,
    setupSeconds: environment.setupSeconds,
    finalCapBytesPerSecond: environment.finalCopyRateBytesPerSecond,
    blackout: environment,
    reportsAtLastByteWritten: false,
    // tools/xl/xl_migrate.c: once the target has all and says so, the sender gives it permission to start: "point of no return".
    commitsAfter: "storage-handover",
    makeSender: (log, { capacityBytesPerSecond, latencySeconds }) =>
      new BatchingSender(log, {
        batchPages: format.batchPages,
        batchBytes: format.batchHeaderBytes,
        pageBytes: PAGE_BYTES + format.pageHeaderBytes,
        peeks: stream.peeks ?? false,
        hasRateLimit: stream.startRateBytesPerSecond !== undefined,
        capBytesPerSecond,
        copyBytesPerSecond,
        latencySeconds,
        // The window grows until it carries what the sender has, not all that the link could.
        slowStartLagSeconds: slowStartLagSeconds(
          Math.min(capacityBytesPerSecond, capBytesPerSecond),
          2 * latencySeconds,
        ),
      }),
  };
}
