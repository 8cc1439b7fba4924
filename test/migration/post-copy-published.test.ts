/** Fault latencies that were published, against the model's: docs/published.md explains the misses. */
import { describe, expect, it } from "vitest";
import { QEMU_KVM_HOSTS } from "../../sim/hypervisors/environments/qemu-hosts.ts";
import { QEMU_PARAMETERS } from "../../sim/hypervisors/qemu/parameters.ts";
import { postCopySetupOf } from "../../sim/hypervisors/qemu/post-copy-parameters.ts";
import { resolveParameters } from "../../sim/kernel/parameter.ts";
import { faultLatencySeconds } from "../../sim/migration/post-copy.ts";
import { goodputBytesPerSecond } from "../../sim/network/framing.ts";

/** Peter Xu, RFC series "Postcopy Preemption", qemu-devel, January 2022: 20 GB guest, one writer, 10 Gbit/s; means in seconds. */
const PUBLISHED = [
  { name: "4 KiB, vanilla", hostPageBytes: 4096, postcopyPreempt: false, publishedSeconds: 10.676e-3 },
  { name: "4 KiB, preempt", hostPageBytes: 4096, postcopyPreempt: true, publishedSeconds: 0.57e-3 },
  { name: "2 MiB, vanilla", hostPageBytes: 2 * 2 ** 20, postcopyPreempt: false, publishedSeconds: 10.582e-3 },
  { name: "2 MiB, preempt", hostPageBytes: 2 * 2 ** 20, postcopyPreempt: true, publishedSeconds: 4.96e-3 },
];

function simulatedSeconds(values: Record<string, number | boolean>): number {
  const parameters = resolveParameters(QEMU_PARAMETERS, values);
  const setup = postCopySetupOf(parameters, parameters.windowSeconds, resolveParameters(QEMU_KVM_HOSTS.parameters, {}));
  const linkBytesPerSecond = goodputBytesPerSecond(1.25e9, 1500);
  const rateBytesPerSecond = Math.min(linkBytesPerSecond, setup.placingBytesPerSecond);
  return faultLatencySeconds(setup, { rateBytesPerSecond, linkBytesPerSecond, latencySeconds: 50e-6 });
}

describe("fault latencies of post-copy, 10 Gbit/s", () => {
  it.each(PUBLISHED)(
    "$name: within a factor of two of what was published",
    ({ publishedSeconds, name: _, ...values }) => {
      const ratio = simulatedSeconds(values) / publishedSeconds;
      expect(ratio).toBeGreaterThan(0.5);
      expect(ratio).toBeLessThan(1.25);
    },
  );

  it("orders the four as they were published: preempt helps small pages most, huge pages bound it from below", () => {
    const [vanilla4k, preempt4k, vanilla2m, preempt2m] = PUBLISHED.map(({ name: _, publishedSeconds: __, ...values }) =>
      simulatedSeconds(values),
    ) as [number, number, number, number];
    expect(preempt4k).toBeLessThan(vanilla4k / 10);
    expect(preempt2m).toBeGreaterThan((2 * 2 ** 20) / 1.25e9);
    expect(preempt2m).toBeLessThan(vanilla2m);
    expect(vanilla2m / vanilla4k).toBeLessThan(1.5);
  });

  it("is what a page needs, a round trip and no more where nothing is queued", () => {
    const setup = {
      ...postCopySetupOf(resolveParameters(QEMU_PARAMETERS, {}), 0.1, resolveParameters(QEMU_KVM_HOSTS.parameters, {})),
      sendBufferBytes: 0,
      receiveBufferBytes: 0,
      requestSeconds: 0.001,
      placingBytesPerSecond: 1e12,
    };
    const path = { rateBytesPerSecond: 1e8, linkBytesPerSecond: 1e8, latencySeconds: 0.01 };
    expect(faultLatencySeconds(setup, path)).toBeCloseTo(0.001 + 0.02 + 4096 / 1e8, 12);
    // In a window of 100 ms a burst of 10 ms: requests are answered in it one after the other, then one waits for the next.
    const limited = { ...setup, maxBandwidthBytesPerSecond: 1e7 };
    const inBurst = 0.001 + 4096 / 1e8;
    expect(faultLatencySeconds(limited, { ...path, rateBytesPerSecond: 1e7, latencySeconds: 0 })).toBeCloseTo(
      0.1 / (1 + 0.01 / inBurst),
      12,
    );
  });
});
