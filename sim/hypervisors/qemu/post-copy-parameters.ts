/** QEMU's post-copy (migration/ram.c, postcopy-ram.c, savevm.c): its parameters, and the setup that follows from them. */
import type { ParameterTable, ParameterValues } from "../../kernel/parameter.ts";
import { PAGE_BYTES } from "../../memory/page-class.ts";
import type { PostCopySetup } from "../../migration/post-copy-setup.ts";
import type { EnvironmentValues } from "../environments/host-parameters.ts";

export const POST_COPY_PARAMETERS = {
  postcopyAfterRounds: {
    value: 1,
    kind: "count",
    provenance: "assumed",
    source:
      "Whoever manages QEMU gives the command (migrate-start-postcopy); after the first pass all pages were sent once.",
    meaning: "In mode post-copy: passes of pre-copy before it starts; 0 for none, a million for startPostcopy alone.",
    least: 0,
    greatest: 1e6,
  },
  postcopyPollSeconds: {
    value: 0,
    kind: "seconds",
    provenance: "assumed",
    source: "Managers that poll, or are told of each pass by an event, differ.",
    meaning: "In mode post-copy: whoever starts it looks so often, from the migration's start; 0 for at once.",
    least: 0,
    greatest: 3600,
  },
  maxPostcopyBandwidthBytesPerSecond: {
    value: 0,
    kind: "bytesPerSecond",
    provenance: "documented",
    source: "QEMU, migration parameter max-postcopy-bandwidth: 0, no limit, by default.",
    meaning: "Rate limit of the pages that follow the guest, instead of maxBandwidth; 0 for none.",
    least: 0,
    greatest: 1e15,
  },
  postcopyPreempt: {
    value: false,
    kind: "flag",
    provenance: "documented",
    source: "QEMU, migration capability postcopy-preempt (8.0, there in 7.1 already): off by default.",
    meaning: "Pages that the guest waits for have a connection of their own.",
  },
  postcopyRequestsWaitForWindow: {
    value: true,
    kind: "flag",
    provenance: "measured",
    source:
      "measured: the qemu-7.2 run with max-postcopy-bandwidth, 37 requests in 10 windows of one section each, though " +
      "migration_rate_limit lets urgent requests through.",
    meaning: "Without preempt, a page that the guest waits for waits for the next rate-limit window too.",
  },
  hostPageBytes: {
    value: 4096,
    kind: "bytes",
    provenance: "assumed",
    source: "Guest memory not backed by huge pages; 2 MiB and 1 GiB are usual where it is.",
    meaning: "Page size of the guest's backing memory: in post-copy a page goes whole.",
    least: 4096,
    greatest: 1_073_741_824,
  },
  postcopyWritingProcessors: {
    value: 1,
    kind: "count",
    provenance: "assumed",
    source: "Depends on the guest. Each processor waits for its own pages only.",
    meaning: "Processors of the guest that write memory, at equal shares.",
    least: 1,
    greatest: 10_000,
  },
} as const satisfies ParameterTable;

export function postCopySetupOf(
  parameters: Readonly<ParameterValues<typeof POST_COPY_PARAMETERS>>,
  windowSeconds: number,
  environment: EnvironmentValues,
): PostCopySetup {
  const limit = parameters.maxPostcopyBandwidthBytesPerSecond;
  return {
    afterRounds: parameters.postcopyAfterRounds,
    pollSeconds: parameters.postcopyPollSeconds,
    maxBandwidthBytesPerSecond: limit === 0 ? Number.POSITIVE_INFINITY : limit,
    placingBytesPerSecond: environment.placingRateBytesPerSecond,
    preempt: parameters.postcopyPreempt,
    requestsWaitForWindow: parameters.postcopyRequestsWaitForWindow,
    windowSeconds,
    hostPageBytes: PAGE_BYTES * Math.round(parameters.hostPageBytes / PAGE_BYTES),
    requestSeconds: environment.pageRequestSeconds,
    sendBufferBytes: environment.socketBufferBytes,
    receiveBufferBytes: environment.receiveBufferBytes,
    discardPageSeconds: environment.discardPageSeconds,
    // docs/devel/migration/postcopy.rst, "Postcopy recovery": network failure pauses both sides.
    isRecoverable: true,
    writingProcessors: parameters.postcopyWritingProcessors,
  };
}
