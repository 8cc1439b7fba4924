/** What a reader should know of machines in processor compatibility mode. */
import { MASKED_FEATURES } from "../cluster/processor-compatibility.ts";
import type { Scenario } from "../scenario/scenario.ts";

/** Sentences for the result's warnings, one for each maker of processors; empty where no machine is in that mode. */
export function maskedFeatureWarnings({ nodes, vms }: Scenario): string[] {
  const vendorOf = new Map(nodes.map(({ name, cpuVendor }) => [name, cpuVendor]));
  return (["intel", "amd"] as const).flatMap((vendor) => {
    const masked = vms.filter((vm) => vm.processorCompatibility === true && vendorOf.get(vm.node) === vendor);
    const [first] = masked;
    if (first === undefined) return [];
    const who = masked.length === 1 ? `${first.name} runs` : `${masked.length} machines run`;
    const features = MASKED_FEATURES[vendor].join(", ");
    return [
      `${who} in processor compatibility mode and ${masked.length === 1 ? "does" : "do"} without ${features}, on every node (the list is assumed).`,
    ];
  });
}
