/** Events as sentences. Names come from the scenario and are plain text wherever they land. */
import type { TraceEvent } from "../simulator.ts";
import { formatBytes, formatCount, formatRate, formatSeconds, formatShare } from "./format.ts";
import { problemOf } from "./unreadable-event.ts";
import { wordsFor } from "./words-for.ts";

const PART_VERBS: Readonly<Record<string, string>> = {
  stop: "stopping the virtual processors",
  paused: "waiting for pre-copy, the guest standing still",
  "pre-switchover": "waiting to be told to go on",
  discard: "throwing away stale pages at the target",
  "final-copy": "copying the last pages",
  "device-state": "sending processor and device state",
  "save-state": "saving the state to disk",
  offline: "taking the group offline",
  "storage-handover": "handing over storage",
  online: "bringing the group online",
  "restore-state": "restoring the state from disk",
  resume: "starting at the target",
  announce: "announcing the new place",
};

const PAUSE_REASONS: Readonly<Record<string, string>> = {
  "no-coordinator": "it has no coordinator",
  "no-network": "the coordinator is not reached over the network",
  "no-path": "nobody reaches the storage",
  "node-failed": "the node is down",
};

/** What a reader sees in the list of events. Types that this page does not know are named as they are. */
export function describeEvent(event: TraceEvent): string {
  switch (event.type) {
    case "migration.requested":
      return `${event.vm} is asked to move from ${event.from} to ${event.to} (${event.mode}, ${event.profile})`;
    case "migration.queued":
      return `The migration waits: ${event.reason}`;
    case "migration.retargeted":
      return `The migration is to go to ${event.to} instead: ${event.reason}`;
    case "drain.started":
      return `${event.node} is to be emptied: ${formatCount(event.machines)} machines`;
    case "drain.ended":
      return (
        `${event.node} is ${event.outcome === "completed" ? "empty" : "not empty"} after ${formatSeconds(event.seconds)}: ` +
        `${formatCount(event.moved)} moved, ${formatCount(event.failed)} failed${event.reason === undefined ? "" : `; ${event.reason}`}`
      );
    case "balance.tipRaised":
      return (
        `A tip: ${event.node} is too full, ${formatShare(event.processorShare)} of its processors asked for and ` +
        `${formatShare(event.memoryShare)} of its memory given`
      );
    case "balance.looked":
      return `Load balancing looks at the hosts: ${event.moves === 1 ? "1 machine is" : `${formatCount(event.moves)} machines are`} to move`;
    case "balance.moveChosen":
      return (
        `${event.vm} is to leave ${event.from} for ${event.to}: ${formatShare(event.fromBefore)} of its limit before, ` +
        `${formatShare(event.fromAfter)} and ${formatShare(event.toAfter)} after`
      );
    case "node.poweredOff":
      return `${event.node} is powered off`;
    case "node.poweredOn":
      return `${event.node} is powered on and boots for ${formatSeconds(event.bootSeconds)}`;
    case "node.booted":
      return `${event.node} has booted and takes machines`;
    case "node.maintenanceStarted":
      return `${event.node} is in maintenance`;
    case "node.maintenanceEnded":
      return `${event.node} takes machines again`;
    case "vm.memoryAssigned":
      return (
        `${event.vm} has ${formatBytes(event.bytes)} of ${event.node}'s memory` +
        (event.bytes < event.wantedBytes ? `, and should have ${formatBytes(event.wantedBytes)}` : "")
      );
    case "migration.started":
      return `The migration starts over ${event.network}: ${formatCount(event.memoryPages)} pages`;
    case "migration.roundStarted":
      return event.final
        ? `Final copy of ${formatCount(event.pendingPages)} pages starts`
        : `Round ${event.round} starts: ${formatCount(event.pendingPages)} pages wait`;
    case "migration.roundEnded":
      return (
        `${event.final ? "Final copy" : `Round ${event.round}`} ends after ${formatSeconds(event.durationSeconds)}: ` +
        `${formatBytes(event.bytesSent)} sent` +
        (event.final ? "" : `, ${formatCount(event.dirtyPagesAtEnd)} pages dirty`)
      );
    case "migration.limitsChanged": {
      const { downtimeLimitSeconds, maxBandwidthBytesPerSecond, by } = event;
      const limits: string[] = [];
      if (downtimeLimitSeconds !== null) limits.push(`a downtime limit of ${formatSeconds(downtimeLimitSeconds)}`);
      if (maxBandwidthBytesPerSecond === 0) limits.push("no rate limit");
      else if (maxBandwidthBytesPerSecond !== null)
        limits.push(`a rate limit of ${formatRate(maxBandwidthBytesPerSecond)}`);
      return `${by} sets ${limits.join(" and ")}`;
    }
    case "migration.pagesSkipped":
      return `Of round ${event.round}, ${formatCount(event.pages)} pages are dirty again and were left for later`;
    case "migration.stalled":
      return "Nothing gets through its network: the migration stands still";
    case "migration.wentOn":
      return `The migration goes on after ${formatSeconds(event.seconds)}, with retransmission ${event.retransmissions}`;
    case "migration.postcopyPaused":
      return `Post-copy is paused, the guest waits for its pages: ${event.reason}`;
    case "migration.postcopyRecovered":
      return `Post-copy goes on over a new connection after ${formatSeconds(event.seconds)}`;
    case "link.cut":
      return event.node === null ? `${event.network} is cut` : `${event.node} is cut off from ${event.network}`;
    case "link.restored":
      return event.node === null ? `${event.network} carries again` : `${event.node} is back on ${event.network}`;
    case "migration.precopyEnded":
      return `Pre-copy ends: ${event.reason}`;
    case "migration.postcopyStarted":
      return `Post-copy starts: ${formatCount(event.pagesLeft)} pages follow the guest`;
    case "migration.postcopyEnded":
      return (
        `Post-copy ends after ${formatSeconds(event.seconds)}: ${formatBytes(event.bytes)} sent; the guest waited for a page ` +
        `${event.faults === 1 ? "once" : `${formatCount(event.faults)} times`}, ${formatSeconds(event.waitSeconds)} in all`
      );
    case "migration.ended":
      return `The migration is ${event.outcome === "not-converged" ? "over, not converged" : event.outcome}: ${event.reason}`;
    case "node.failed":
      return `${event.node} loses its power, and with it ${formatCount(event.machines)} machines`;
    case "node.declaredDown":
      return `${event.node} is declared down, ${formatSeconds(event.seconds)} after it failed`;
    case "node.recovering":
      return `${event.node} has its power again and boots`;
    case "node.recovered":
      return `${event.node} is back after ${formatSeconds(event.downSeconds)}`;
    case "cluster.quorumLost":
      return `The cluster has ${event.votes} of ${event.ofVotes} votes, no majority: all machines stop`;
    case "cluster.quorumRegained":
      return `The cluster has ${event.votes} of ${event.ofVotes} votes again, a majority`;
    case "vm.hung":
      return `${event.vm} on ${event.node} hangs: it answers nobody`;
    case "vm.hangNoticed":
      return `${event.node} notices, ${formatSeconds(event.seconds)} later, that ${event.vm} hangs`;
    case "vm.restartQueued":
      return `${event.vm} is to start on ${event.to}: ${event.reason}`;
    case "vm.restartStarted":
      return `${event.vm} begins to start on ${event.node}`;
    case "vm.booted":
      return `${event.vm} has booted on ${event.node}, ${formatSeconds(event.downSeconds)} after it went down`;
    case "vm.notRestarted":
      return `${event.vm} is not started: ${event.reason}`;
    case "vm.stopped":
      return `${event.vm} stands still on ${event.node}`;
    case "vm.started":
      return `${event.vm} runs on ${event.node}`;
    case "blackout.partStarted":
      return `Blackout: ${wordsFor(PART_VERBS, event.part)}`;
    case "blackout.partEnded":
      return `Done ${wordsFor(PART_VERBS, event.part)}, in ${formatSeconds(event.seconds)}`;
    case "link.flowStarted":
      return `A ${event.kind} flow starts over ${event.network} at ${formatRate(event.bytesPerSecond)}`;
    case "team.connectionsPlaced":
      return (
        `Members of the teams by which it goes from ${event.from} to ${event.to}: ` +
        event.members.map(({ from, to }) => `${from} to ${to}`).join(", ")
      );
    case "link.flowRateChanged":
      return `The flow over ${event.network} goes at ${formatRate(event.bytesPerSecond)}`;
    case "link.flowEnded":
      return `The flow over ${event.network} ends after ${formatBytes(event.bytes)}`;
    case "csv.metadataSent":
      return `${event.node} asks ${event.coordinator}, coordinator of ${event.volume}, to ${event.operation.replace("-", " a ")}`;
    case "csv.handedOver":
      return `${event.volume}: the files of ${event.vm} are now open on ${event.to}`;
    case "csv.redirected":
      return (
        `${event.node} reads and writes ${event.volume} by way of ${event.coordinator}: ` +
        (event.reason === "backup" ? "a backup redirects all nodes" : "it has lost its path to the storage")
      );
    case "csv.directAgain":
      return `${event.node} reads and writes ${event.volume} itself again`;
    case "csv.paused":
      return `${event.node} waits for ${event.volume}: ${wordsFor(PAUSE_REASONS, event.reason)}`;
    case "csv.resumed":
      return `${event.node} has ${event.volume} again`;
    case "csv.ownerChanged":
      return `${event.to} coordinates ${event.volume}, no longer ${event.from}${event.reason === "balancing" ? ", as the cluster spreads its volumes" : ""}; metadata waited for ${formatSeconds(event.seconds)}`;
    case "backup.started":
      return `A backup of ${formatCount(event.machines)} machines begins: ${event.copies === "full" ? "all of their disks" : "what has changed"}`;
    case "backup.machineStarted":
      return `${event.node} begins to back ${event.vm} up (${event.method})`;
    case "backup.copyStarted":
      return `${formatBytes(event.bytes)} of ${event.vm} go from ${event.volume} by way of ${event.node} to the backup server`;
    case "backup.machineEnded":
      return `The backup of ${event.vm} ${event.outcome === "completed" ? "is complete" : "failed"} after ${formatSeconds(event.seconds)}: ${event.reason}`;
    case "backup.ended":
      return `The backup is over (${event.outcome}) after ${formatSeconds(event.seconds)}: ${formatBytes(event.bytes)}`;
    case "vm.writesFrozen":
      return `${event.vm} holds its writes for a snapshot`;
    case "vm.writesThawed":
      return `${event.vm} writes again after ${formatSeconds(event.seconds)}`;
    case "vm.stateSaved":
      return `${event.vm} is saved to disk: ${formatBytes(event.bytes)} in ${formatSeconds(event.seconds)}`;
    case "vm.stateRestored":
      return `${event.vm} is restored from disk in ${formatSeconds(event.seconds)}`;
    case "lun.ownerChanged":
      return `${event.volume} is mounted on ${event.to}, no longer on ${event.from}, after ${formatSeconds(event.seconds)}`;
    case "disk.attached":
      return `${event.vm} gets another disk, on ${event.volume} (${event.kind}), while it runs`;
    case "disk.detached":
      return `${event.vm} loses a disk on ${event.volume} while it runs`;
    case "vm.ioChanged":
      return event.access === "standing" || event.access === "paused"
        ? `${event.vm} does no disk I/O on ${event.volume}: ${event.access === "paused" ? "it waits" : "the machine stands still"}`
        : `${event.vm} reads ${formatRate(event.readBytesPerSecond)} and writes ${formatRate(event.writeBytesPerSecond)} on ${event.volume}${event.access === "redirected" ? ", over the network" : ""}`;
    case "volume.spaceLow":
      return `${event.volume} has only ${formatBytes(event.freeBytes)} left: a warning is logged`;
    case "volume.spaceCritical":
      return `${event.volume} has only ${formatBytes(event.freeBytes)} left: its machines are paused (event ${event.eventId})`;
    case "arp.sent":
      return (
        `${event.by === "guest" ? `${event.vm} announces itself from ${event.node}:` : `${event.node} announces`} ${event.mac} (${event.frame === "rarp" ? "RARP" : "gratuitous ARP"}` +
        `${event.attempt > 1 ? `, attempt ${event.attempt}` : ""})${event.lost ? ": the frame is lost" : ""}` +
        (event.inOtherVlan === true ? ", in another VLAN than the guest's" : "")
      );
    case "switch.macMoved":
      return `The switch sends frames for ${event.vm} to port ${event.toPort}, no longer ${event.fromPort}`;
    case "neighbour.answered":
      return `${event.vm} answers ${event.client}, which asked everyone where it is`;
    case "tcp.retransmitted":
      return (
        `${event.by === "client" ? event.client : event.vm} sends again, time ${event.attempt}` +
        `${event.lost ? ": in vain" : ""}`
      );
    case "client.gaveUp":
      return `${event.client} gives ${event.vm} up after ${formatSeconds(event.stalledSeconds)}`;
    case "client.unreachable":
      return `${event.client} has no answer from ${event.vm}`;
    case "client.reachable":
      return `${event.client} has answers again after ${formatSeconds(event.outageSeconds)}, ${event.lost} lost`;
    default:
      return describeUnknown(event);
  }
}

/** Of a later version, or of a line that cannot be read. */
function describeUnknown(event: TraceEvent): string {
  const problem = problemOf(event);
  return problem === null ? event.type : `This line of the trace cannot be read: ${problem}`;
}

/** The subject of an event: its group in the list. */
export function eventSubject(event: TraceEvent): string {
  return event.type.split(".")[0] ?? "";
}
