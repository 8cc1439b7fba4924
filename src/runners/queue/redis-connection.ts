/** Connections to Redis that outlast its absence: what cannot be mended by waiting is told, the rest is waited for. */
import type { Redis } from "ioredis";
import { type Attempt, badInput, type Failure, succeeded, systemFailure } from "../../failure.ts";
import { importModule } from "../../native-import.ts";
import { orStopped } from "../../stopping.ts";

/** What blocking reads with a time-out and streams need, and BullMQ recommends. */
const LEAST_VERSION = [6, 2] as const;

const RETRY_MILLISECONDS = 250;
const MOST_RETRY_MILLISECONDS = 2000;

export interface RedisLink {
  /** Host and port, without the password. */
  readonly place: string;
  /** Another connection of the same kind, for what blocks one. */
  connect(): Redis;
  readonly client: Redis;
  /** Never fulfilled; rejected with LinkFault where waiting does not help. */
  readonly fault: Promise<never>;
  close(): void;
}

export class LinkFault extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.name = "LinkFault";
    this.failure = failure;
  }
}

/** What Redis answers instead of doing it (its memory or its disk is full): null for any other error. */
export function refusalOf({ place }: RedisLink, error: unknown): Failure | null {
  if (!(error instanceof Error) || error.name !== "ReplyError") return null;
  return systemFailure(`Redis at ${place} refuses: ${error.message.replace(/\.$/, "")}. It must be mended there.`)
    .failure;
}

/**
 * @param tell is given what the user should know while it is waited
 * @throws the signal's reason where it was stopped while it waited
 */
export async function linkRedis(
  url: string,
  tell: (message: string) => void,
  stopping: AbortSignal,
): Promise<Attempt<RedisLink>> {
  const place = placeOf(url);
  if (!place.ok) return place;
  const driver = await loadDriver();
  if (!driver.ok) return driver;
  const link = new WatchedLink(url, place.value, driver.value, tell);
  try {
    await orStopped(Promise.race([link.check(), link.fault]), stopping);
    return succeeded(link);
  } catch (error) {
    link.close();
    if (error instanceof LinkFault) return { ok: false, failure: error.failure };
    throw error;
  }
}

function placeOf(url: string): Attempt<string> {
  try {
    const { protocol, host } = new URL(url);
    if ((protocol === "redis:" || protocol === "rediss:") && host !== "") return succeeded(host);
  } catch {
    // Not a URL: the answer is the same.
  }
  return badInput(
    "--redis: this is no address of a Redis. Write for example redis://host:6379 or redis://:password@host.",
  );
}

type Driver = typeof Redis;

/** Loaded only when it is asked for: most sweeps need no network. */
async function loadDriver(): Promise<Attempt<Driver>> {
  try {
    const { Redis: Driver } = (await importModule("ioredis")) as typeof import("ioredis");
    return succeeded(Driver);
  } catch {
    return systemFailure(
      "--redis needs the packages bullmq and ioredis, which are not installed. Install precopy with its dependencies.",
    );
  }
}

class WatchedLink implements RedisLink {
  readonly place: string;
  readonly client: Redis;
  readonly fault: Promise<never>;
  readonly #url: string;
  readonly #driver: Driver;
  readonly #tell: (message: string) => void;
  readonly #connections: Redis[] = [];
  #reject: (fault: LinkFault) => void = () => {};
  #waiting = false;

  constructor(url: string, place: string, driver: Driver, tell: (message: string) => void) {
    this.#url = url;
    this.place = place;
    this.#driver = driver;
    this.#tell = tell;
    this.fault = new Promise((_, reject) => {
      this.#reject = reject;
    });
    // Somebody may be waiting for something else just then.
    this.fault.catch(() => {});
    this.client = this.connect();
    this.client.on("close", () => this.#lost());
    this.client.on("ready", () => this.#back());
  }

  connect(): Redis {
    const connection = new this.#driver(this.#url, {
      // A command waits for as long as it takes.
      maxRetriesPerRequest: null,
      retryStrategy: (times) => Math.min(times * RETRY_MILLISECONDS, MOST_RETRY_MILLISECONDS),
    });
    // Without a listener it prints; lost connections are told once, by the first connection.
    connection.on("error", (error: Error) => this.#examine(error));
    this.#connections.push(connection);
    return connection;
  }

  /** @throws LinkFault where this Redis will not do */
  async check(): Promise<void> {
    let info: string;
    try {
      info = await this.client.info("server");
    } catch (error) {
      this.#examine(error as Error);
      return this.fault;
    }
    const version = /^redis_version:(\S+)/m.exec(info)?.[1] ?? "unknown";
    const [major = 0, minor = 0] = version.split(".").map(Number);
    const isOld = major < LEAST_VERSION[0] || (major === LEAST_VERSION[0] && minor < LEAST_VERSION[1]);
    if (isOld) {
      const least = LEAST_VERSION.join(".");
      throw this.#unfit(`has version ${version}. Use ${least} or newer.`);
    }
    if (/^role:slave/m.test(await this.client.info("replication"))) {
      throw this.#unfit("is a replica, and takes nothing. Name the one that it is a replica of.");
    }
  }

  #unfit(what: string): LinkFault {
    return new LinkFault(badInput(`--redis: Redis at ${this.place} ${what}`).failure);
  }

  close(): void {
    for (const connection of this.#connections) connection.disconnect();
  }

  #examine({ message }: Error): void {
    if (/^Protocol error/.test(message)) {
      const problem = `--redis: what answers at ${this.place} is no Redis. Check host and port.`;
      this.#reject(new LinkFault(badInput(problem).failure));
    }
    if (!/^(?:WRONGPASS|NOAUTH|NOPERM)|invalid (?:username-)?password|no password is set|AUTH failed/i.test(message))
      return;
    const problem = `Redis at ${this.place} refuses the user or the password (${message.split(/[.:]?\s/, 1)[0]})`;
    this.#reject(
      new LinkFault(
        badInput(`--redis: ${problem}. Write redis://USER:PASSWORD@HOST, or set PRECOPY_REDIS to it.`).failure,
      ),
    );
  }

  #lost(): void {
    if (this.#waiting || this.client.status === "end") return;
    this.#waiting = true;
    this.#tell(`Redis at ${this.place} does not answer: waiting for it`);
  }

  #back(): void {
    if (!this.#waiting) return;
    this.#waiting = false;
    this.#tell(`Redis at ${this.place} answers: going on`);
  }
}
