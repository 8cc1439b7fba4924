/** How much memory a piece of code needs. Node must run with --expose-gc. */

/** Bytes that a collection leaves in use, buffers outside the heap included. */
export function liveBytes(): number {
  if (globalThis.gc === undefined) throw new Error("memory can be measured only with node --expose-gc");
  globalThis.gc();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
