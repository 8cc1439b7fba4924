/** How busy hosts' processors were: kept up as machines change what they ask for and where they are, integrated in closed form between. */

interface Account {
  readonly processors: number;
  /** Asked for by each machine that is here. */
  readonly asked: Map<string, number>;
  sum: number;
  settledSeconds: number;
  /** Time in which the processors were busy, as a share of all of them. */
  busySeconds: number;
  /** Logical processors times seconds that were asked for beyond what there is. */
  unmetProcessorSeconds: number;
}

export class ProcessorLedger {
  readonly #accounts = new Map<string, Account>();
  readonly #whereabouts = new Map<string, Account>();

  /** @param processors Of the node; 0 where it is not known, and nothing can be asked for. */
  addNode(name: string, processors: number, nowSeconds = 0): void {
    this.#accounts.set(name, {
      processors,
      asked: new Map(),
      sum: 0,
      settledSeconds: nowSeconds,
      busySeconds: 0,
      unmetProcessorSeconds: 0,
    });
  }

  /** From now on a machine asks for so many processors at a node; where it was before it asks for none. */
  place(machine: string, node: string, processors: number, nowSeconds: number): void {
    const account = this.#account(node);
    const before = this.#whereabouts.get(machine);
    if (before !== undefined && before !== account) change(before, machine, null, nowSeconds);
    this.#whereabouts.set(machine, account);
    change(account, machine, processors, nowSeconds);
  }

  /** Where it is, it asks for so many from now on. */
  ask(machine: string, processors: number, nowSeconds: number): void {
    const account = this.#whereabouts.get(machine);
    if (account === undefined) throw new Error(`${machine} is at no node`);
    change(account, machine, processors, nowSeconds);
  }

  /** Logical processors asked for at a node now. */
  askedAt(node: string): number {
    return this.#account(node).sum;
  }

  /** Share of the node's processors that is busy now. */
  busyShareAt(node: string): number {
    return busyShare(this.#account(node));
  }

  busySecondsAt(node: string, nowSeconds: number): number {
    const account = this.#account(node);
    settle(account, nowSeconds);
    return account.busySeconds;
  }

  /** Of all nodes, until now. */
  unmetProcessorSeconds(nowSeconds: number): number {
    let unmet = 0;
    for (const account of this.#accounts.values()) {
      settle(account, nowSeconds);
      unmet += account.unmetProcessorSeconds;
    }
    return unmet;
  }

  #account(node: string): Account {
    const account = this.#accounts.get(node);
    if (account === undefined) throw new Error(`there is no node ${node}`);
    return account;
  }
}

function busyShare({ sum, processors }: Account): number {
  return processors === 0 ? 0 : Math.min(1, sum / processors);
}

function settle(account: Account, nowSeconds: number): void {
  const seconds = nowSeconds - account.settledSeconds;
  account.busySeconds += busyShare(account) * seconds;
  account.unmetProcessorSeconds += Math.max(0, account.sum - account.processors) * seconds;
  account.settledSeconds = nowSeconds;
}

/** The sum is taken anew, so that it does not drift however often machines come and go. */
function change(account: Account, machine: string, processors: number | null, nowSeconds: number): void {
  settle(account, nowSeconds);
  if (processors === null) account.asked.delete(machine);
  else account.asked.set(machine, processors);
  account.sum = 0;
  for (const asked of account.asked.values()) account.sum += asked;
}
