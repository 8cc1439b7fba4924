/** The file form of networks that are cut. */
import { z } from "zod";
import { seconds } from "./quantities.ts";

const GREATEST_SECONDS = 31_536_000;

const networkName = z.string().meta({ description: "The network.", examples: ["live-migration"] });
const portOf = z
  .string()
  .optional()
  .meta({ description: "The node whose port it is. Default: the whole network.", examples: ["HV02"] });

export const cutLinkSchema = z
  .strictObject({
    network: networkName,
    node: portOf,
    for: seconds({ least: 0, aboveLeast: true, greatest: GREATEST_SECONDS, greatestText: "365 d" })
      .optional()
      .meta({ description: "How long. Default: until restoreLink.", examples: ["2 s"] }),
  })
  .meta({
    title: "Network cut",
    description: "A network carries nothing any more, at one node's port or at all; nobody is told.",
  });

export const restoreLinkSchema = z.strictObject({ network: networkName, node: portOf }).meta({
  title: "Network back",
  description: "What was cut there carries again: the node's port, or without a node the network as a whole.",
});
