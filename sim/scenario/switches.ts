/** The switches of a network: the file form, and to and from the plain form. */
import { z } from "zod";
import type { ScenarioSwitch } from "./scenario.ts";
import { name } from "./schema-terms.ts";

export const switchSchema = z
  .strictObject({
    name: name().meta({ description: "The switch's name.", examples: ["core"] }),
    uplink: name()
      .optional()
      .meta({ description: "The switch above it, written before it. The first has none.", examples: ["core"] }),
    nodes: z
      .array(name())
      .default([])
      .meta({
        description: "Nodes connected to it; those of no switch are connected to the first.",
        examples: [["HV01"]],
      }),
  })
  .meta({ title: "Switch" });

type SwitchEntry = z.output<typeof switchSchema>;

export function toSwitches(entries: readonly SwitchEntry[]): ScenarioSwitch[] {
  return entries.map(({ name, uplink, nodes }) => ({ name, uplink: uplink ?? null, nodes }));
}

export function writeSwitches(switches: readonly ScenarioSwitch[]): z.input<typeof switchSchema>[] {
  return switches.map(({ name, uplink, nodes }) => ({ name, ...(uplink === null ? {} : { uplink }), nodes }));
}
