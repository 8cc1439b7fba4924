/** Whether post-copy was asked for, and since when it may start: at the sender's next turn. */
import type { EventHandler, EventTicket, Simulation } from "../kernel/simulation.ts";

/** The migration that is to go to post-copy. */
export interface PostCopyStarter {
  startPostCopy(rule: string, reason: string): boolean;
}

/** Who asked, as a rule's name and the rest of a sentence. */
export interface Asked {
  readonly rule: string;
  readonly reason: string;
}

export class PostCopyRequest implements EventHandler {
  /** It starts at the sender's next turn; null as long as it need not. */
  asked: Asked | null = null;

  private readonly simulation: Simulation;
  private readonly starter: PostCopyStarter;
  private readonly startSeconds: number;
  /** Asked for, but whatever starts it has not looked yet. */
  private due: (Asked & { readonly ticket: EventTicket }) | null = null;

  /** The migration begins now. */
  constructor(simulation: Simulation, starter: PostCopyStarter) {
    this.simulation = simulation;
    this.starter = starter;
    this.startSeconds = simulation.now;
  }

  /** It starts when whatever starts it looks next, every `pollSeconds` since the migration began; 0: at once. */
  askAtPoll(pollSeconds: number, rule: string, reason: string): void {
    if (this.asked !== null || this.due !== null) return;
    const { simulation, startSeconds } = this;
    const polls = pollSeconds > 0 ? Math.ceil((simulation.now - startSeconds) / pollSeconds) : 0;
    const atSeconds = startSeconds + polls * pollSeconds;
    if (atSeconds > simulation.now) this.due = { rule, reason, ticket: simulation.schedule(atSeconds, this, 0) };
    else this.asked = { rule, reason };
  }

  /** For the kernel: whatever starts it looks. */
  onEvent(): void {
    const { rule, reason } = this.due as Asked;
    this.due = null;
    this.starter.startPostCopy(rule, reason);
  }

  /** Nothing more starts it. */
  close(): void {
    if (this.due !== null) this.simulation.cancel(this.due.ticket);
    this.due = null;
  }
}
