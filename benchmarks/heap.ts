/** How much memory a piece of code needs. Node must run with --expose-gc. */

/** Bytes that a collection leaves in use, buffers outside the heap included. */
export function liveBytes(): number {
  if (globalThis.gc === undefined) throw new Error("memory can be measured only with node --expose-gc");
  globalThis.gc();
  return bytesInUse();
}

const ATTEMPTS = 5;

/** Bytes that a call of `run` allocates: the mean over so few calls that no collection comes between. */
export function allocatedBytes(run: () => unknown, calls = 20): number {
  let least = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const before = liveBytes();
    for (let call = 0; call < calls; call++) run();
    const bytes = (bytesInUse() - before) / calls;
    // Nothing, or less: a collection came between.
    if (bytes > 0) least = Math.min(least, bytes);
  }
  return least;
}

function bytesInUse(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
