/** Reads of the dirty bitmap that are made because none was made for too long, in the middle of a round. */
import type { EventHandler, EventTicket, Simulation } from "../kernel/simulation.ts";

/** The migration whose bitmap it is. */
export interface BitmapReader {
  /** Reads so far, the one before the first round included. */
  readonly reads: number;
  readNow(): void;
}

export class LeastReads implements EventHandler {
  private readonly simulation: Simulation;
  private readonly everySeconds: number;
  private readonly reader: BitmapReader;
  private readsBefore = 0;
  private ticket: EventTicket | null = null;

  /** Looks every `everySeconds` from now on. In the first round all pages are sent anyhow: nothing is read in it. */
  constructor(simulation: Simulation, everySeconds: number, reader: BitmapReader) {
    this.simulation = simulation;
    this.everySeconds = everySeconds;
    this.reader = reader;
    this.schedule();
  }

  stop(): void {
    if (this.ticket !== null) this.simulation.cancel(this.ticket);
    this.ticket = null;
  }

  onEvent(): void {
    this.schedule();
    const { reader, readsBefore } = this;
    if (reader.reads > 1 && reader.reads === readsBefore) reader.readNow();
    this.readsBefore = reader.reads;
  }

  private schedule(): void {
    this.ticket = this.simulation.schedule(this.simulation.now + this.everySeconds, this, 0);
  }
}
