/** What the page's numbers mean: each by the law that it follows and the place of the documentation that has it in full. */
export interface Term {
  name: string;
  law: string;
  /** A file of the documentation and a heading in it. */
  page: string;
  heading: string;
}

const MODEL = "docs/model.md";

export const TERMS = {
  time: {
    name: "Simulated time",
    law: "Seconds on the simulation's own clock. Events have a total order: time, then priority, then order of scheduling.",
    page: MODEL,
    heading: "Time and events",
  },
  round: {
    name: "Round",
    law: "One pass over the pages that waited as it began. It ends with a read of the dirty bitmap: what was dirtied joins what was left over.",
    page: MODEL,
    heading: "Pre-copy",
  },
  sent: {
    name: "Pages sent",
    law: "A round lasts as long as its bytes take over the link: pages × (4096 + header), divided by the rate of the flow.",
    page: MODEL,
    heading: "Pre-copy",
  },
  dirty: {
    name: "Dirty pages",
    law: "Pages that the target does not have as they are now. Of n pages written r times a second, a time t dirties n (1 − exp(−r t / n)).",
    page: MODEL,
    heading: "Memory and dirty pages",
  },
  threshold: {
    name: "Stops below",
    law: "The profile stops the guest when what remains would be sent within its downtime limit, or by its own count of pages and passes.",
    page: MODEL,
    heading: "Pre-copy",
  },
  link: {
    name: "Link use",
    law: "A link is shared max-min fairly by its flows, each capped by its window over the round-trip time, by loss and by what the sender pushes.",
    page: MODEL,
    heading: "Network",
  },
  blackout: {
    name: "Blackout",
    law: "The downtime: from the stop of the guest until it runs again, the sum of its parts.",
    page: MODEL,
    heading: "Pre-copy",
  },
  total: {
    name: "Total time",
    law: "From the request until the migration is over: the wait for a turn, setup, rounds, blackout, and what both hosts do after it.",
    page: MODEL,
    heading: "Pre-copy",
  },
  cliff: {
    name: "The cliff",
    law: "Each point is a run of its own with that number and the same seed. A guest that dirties pages as fast as they are sent leaves as many for each next round: from there on migrations do not complete.",
    page: "docs/page.md",
    heading: "Runs beside the one that is shown",
  },
  chance: {
    name: "Chance",
    law: "Each run differs in its seed alone. A mark of p % is the least downtime that so many of those that completed do not exceed; n runs tell it where n (1 − p) is 3 or more.",
    page: "docs/page.md",
    heading: "Runs beside the one that is shown",
  },
  outage: {
    name: "Client outage",
    law: "From the last answer before to the first after. It is longer than the blackout: frames go to the old port until a switch learns the new one.",
    page: "docs/network.md",
    heading: "How a guest is found again",
  },
  frame: {
    name: "Announcement",
    law: "The target's host sends a frame with the guest's address. Each switch that sees it sends the guest's frames there from then on; a frame can be lost.",
    page: "docs/network.md",
    heading: "How a guest is found again",
  },
  port: {
    name: "Switch port",
    law: "A switch sends frames to the port where it last saw the address as a source, whether or not the guest is still there.",
    page: "docs/network.md",
    heading: "How a guest is found again",
  },
  ping: {
    name: "Ping",
    law: "Sent at the client's interval; answered where the guest runs and its frames reach it.",
    page: "docs/network.md",
    heading: "How a guest is found again",
  },
  retransmission: {
    name: "Retransmission",
    law: "What was not acknowledged is sent again after a time-out that doubles each time.",
    page: "docs/network.md",
    heading: "What a TCP connection makes of it",
  },
  volume: {
    name: "Shared volume",
    law: "Every node reads and writes directly; metadata goes through the coordinator. Without a path, I/O goes over the network to the coordinator.",
    page: "docs/storage.md",
    heading: "Cluster shared volumes",
  },
  io: {
    name: "Disk I/O",
    law: "What the guest asks of its disks, divided by what the way to the volume carries: direct, redirected, or none.",
    page: "docs/storage.md",
    heading: "Disk I/O",
  },
  queue: {
    name: "Waiting and under way",
    law: "A node takes part in so many migrations at a time; the others wait, in the order in which they were asked for.",
    page: "docs/orchestration.md",
    heading: "How many at a time",
  },
  node: {
    name: "Node",
    law: "Machines go where memory is free and the processor fits; a node in maintenance takes none.",
    page: "docs/orchestration.md",
    heading: "Where machines go",
  },
  move: {
    name: "Machines on the move",
    law: "On its arc a machine stands where the share of its memory puts it that the target has as it is now; what is dirtied again draws it back.",
    page: "docs/page.md",
    heading: "What comes from the trace, and what is drawn in between",
  },
  restart: {
    name: "Down with its host",
    law: "From the failure until the machine runs elsewhere: the failure is noticed, the node declared down, the machine placed, its volumes taken, and it boots.",
    page: "docs/failover.md",
    heading: "From the failure to the first answer",
  },
  memory: {
    name: "Memory map",
    law: "Counts are the trace's. Which group they fall to follows the page classes of the scenario, scaled to those counts: the expectation, given the trace.",
    page: "docs/page.md",
    heading: "What comes from the trace, and what is drawn in between",
  },
  postcopy: {
    name: "Post-copy",
    law: "The guest runs at the target before its memory is there, and waits for each page that it touches too early.",
    page: MODEL,
    heading: "Post-copy and hybrid (qemu-7.2, qemu-10)",
  },
} as const satisfies Record<string, Term>;

export type TermId = keyof typeof TERMS;
