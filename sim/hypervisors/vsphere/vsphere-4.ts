/** VMotion of vSphere 4: one adapter, and quick resume where passes make no progress. */
import { type ParameterTable, resolveParameters } from "../../kernel/parameter.ts";
import { PAGE_BYTES } from "../../memory/page-class.ts";
import type { Profile } from "../profile.ts";
import { VSPHERE_PARAMETERS } from "./parameters.ts";
import { profileOfRelease } from "./profile-of-release.ts";
import { quickResumeWithoutProgress } from "./quick-resume.ts";

const AS_IN_5 = "Taken over from vSphere 5.0, for which it is documented.";

const PARAMETERS = {
  ...VSPHERE_PARAMETERS,
  migrationsPerNode: { ...VSPHERE_PARAMETERS.migrationsPerNode, provenance: "assumed", source: AS_IN_5 },
  migrationsPerFastNode: { ...VSPHERE_PARAMETERS.migrationsPerFastNode, provenance: "assumed", source: AS_IN_5 },
  quickResume: {
    value: true,
    kind: "flag",
    provenance: "documented",
    source: "D. Epping, Yellow Bricks: 4.1 resumes at the target while the last pages come from the paused source.",
    meaning:
      "The guest runs ahead of its last pages where passes make no progress; false: the migration is given up then.",
  },
  leastProgressShare: {
    value: 0.1,
    kind: "share",
    provenance: "assumed",
    source: "No document tells what is taken for progress.",
    meaning: "A pass makes progress where it leaves, by this share, fewer pages than it sent.",
    least: 0,
    greatest: 1,
  },
  pageRequestSeconds: {
    value: 0.5e-3,
    kind: "seconds",
    provenance: "assumed",
    source: "No document or measurement was found; twice what is told of QEMU a decade later.",
    meaning: "A page that the resumed guest waits for, beside what the network takes: noticing, asking, placing.",
    least: 0,
    greatest: 10,
  },
  writingProcessors: {
    value: 1,
    kind: "count",
    provenance: "assumed",
    source: "Depends on the guest. Each processor waits for its own pages only.",
    meaning: "Processors of the guest that write memory, at equal shares.",
    least: 1,
    greatest: 10_000,
  },
} as const satisfies ParameterTable;

export const vsphere4: Profile = profileOfRelease({
  name: "vsphere-4",
  title: "VMware vSphere 4",
  parameters: PARAMETERS,
  makePolicy(values) {
    const { switchoverSeconds, quickResume, leastProgressShare, pageHeaderBytes } = resolveParameters(
      PARAMETERS,
      values,
    );
    return quickResumeWithoutProgress({
      switchoverSeconds,
      quickResume,
      leastProgressShare,
      pageBytes: PAGE_BYTES + pageHeaderBytes,
    });
  },
  withoutEffect: (values) =>
    resolveParameters(PARAMETERS, values).quickResume ? [] : ["pageRequestSeconds", "writingProcessors"],
  postCopy(values, environment) {
    const { quickResume, pageRequestSeconds, writingProcessors } = resolveParameters(PARAMETERS, values);
    if (!quickResume) return null;
    return {
      afterRounds: Number.POSITIVE_INFINITY,
      pollSeconds: 0,
      maxBandwidthBytesPerSecond: Number.POSITIVE_INFINITY,
      placingBytesPerSecond: environment.finalCopyRateBytesPerSecond,
      // The source stands still and has nothing better to do than to answer: no page waits behind others in a buffer.
      preempt: true,
      requestsWaitForWindow: false,
      windowSeconds: 1,
      hostPageBytes: PAGE_BYTES,
      requestSeconds: pageRequestSeconds,
      sendBufferBytes: 0,
      receiveBufferBytes: 0,
      // Which pages are old at the target is known from the traces: nothing is thrown away one by one.
      discardPageSeconds: 0,
      writingProcessors,
    };
  },
  // One adapter of all that there are.
  capBytesPerSecond: (streamBytesPerSecond, { nics }, { capacityBytesPerSecond }) =>
    Math.min(streamBytesPerSecond, capacityBytesPerSecond / nics),
});
