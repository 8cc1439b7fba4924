/** Where a guest is over the whole trace, all its migrations included: on which node, and behind which port of the switch. */
import type { TraceEvent } from "../simulator.ts";
import { bisectRight } from "./bisect.ts";

/** A place from a moment on, until the next one's. */
export interface Place {
  node: string;
  startSeconds: number;
}

export interface MachineHistory {
  /** Nodes on which the guest ran, each from its start there; a stopped guest is still where it last ran. */
  nodes: Place[];
  /** Nodes to whose port the switch sends the guest's frames. */
  ports: Place[];
}

export function machineHistory(events: readonly TraceEvent[], vm: string, firstNode: string): MachineHistory {
  const first: Place = { node: firstNode, startSeconds: Number.NEGATIVE_INFINITY };
  const nodes = [first];
  const ports = [first];
  for (const event of events) {
    if (event.type === "vm.started" && event.vm === vm) nodes.push({ node: event.node, startSeconds: event.t });
    else if (event.type === "switch.macMoved" && event.vm === vm) {
      ports.push({ node: event.toPort, startSeconds: event.t });
    }
  }
  return { nodes, ports };
}

/** The place at t. */
export function placeAt(places: readonly Place[], t: number): string {
  return places[bisectRight(places, t, (place) => place.startSeconds) - 1]?.node ?? "";
}

/** The spans of time, from 0 to `endSeconds`, in which the place was `node`. */
export function spansAt(
  places: readonly Place[],
  node: string,
  endSeconds: number,
): { startSeconds: number; endSeconds: number }[] {
  return places.flatMap((place, index) => {
    const until = places[index + 1]?.startSeconds ?? endSeconds;
    return place.node === node ? [{ startSeconds: Math.max(0, place.startSeconds), endSeconds: until }] : [];
  });
}
