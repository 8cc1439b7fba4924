/** A virtual machine as the memory model sees it. */
import type { EnvironmentValues } from "../hypervisors/environments/host-parameters.ts";
import { type GuestMemory, PAGE_BYTES, type PageClass } from "../memory/page-class.ts";
import type { ScenarioVm } from "../scenario/scenario.ts";

/** Writes a second to each page that a guest writes all the time: enough to be dirty in any interval between two reads. */
const ALWAYS_DIRTY_WRITES_PER_SECOND = 1000;

/**
 * The guest's memory: what the hypervisor keeps beside it first, then the used part, then the zero pages. The pages that
 * a guest writes all the time are the first of the used part.
 */
export function guestMemory(vm: ScenarioVm, environment: EnvironmentValues): GuestMemory {
  const memoryPages = Math.floor(vm.memoryBytes / PAGE_BYTES);
  const totalPages = memoryPages + environment.extraPages;
  const usedPages = Math.min(totalPages, Math.floor(vm.usedBytes / PAGE_BYTES) + environment.extraUsedPages);
  const classes: PageClass[] = vm.classes.map((written) => ({
    name: written.name,
    firstPage: written.firstPage + environment.extraUsedPages,
    pages: written.pages,
    writesPerSecond: written.writesPerSecond,
    pattern: written.pattern,
    startSeconds: written.startSeconds,
    endSeconds: written.endSeconds ?? Number.POSITIVE_INFINITY,
    cpuBoundShare: written.cpuBoundShare,
    wordsPerWrite: written.wordsPerWrite ?? environment.wordsPerWrite,
  }));
  const alwaysDirtyPages = Math.min(environment.alwaysDirtyPages, usedPages);
  if (alwaysDirtyPages > 0) {
    classes.push({
      name: "always-dirty",
      firstPage: 0,
      pages: alwaysDirtyPages,
      writesPerSecond: alwaysDirtyPages * ALWAYS_DIRTY_WRITES_PER_SECOND,
      pattern: "uniform",
      startSeconds: Number.NEGATIVE_INFINITY,
      endSeconds: Number.POSITIVE_INFINITY,
      cpuBoundShare: 0,
      wordsPerWrite: environment.wordsPerWrite,
    });
  }
  const compressedShare = vm.compressedShare ?? environment.compressesToShare;
  return { totalPages, zeroPages: totalPages - usedPages, compressedShare, classes };
}
