/** Clients of a machine: from entries of the file to their plain form and back. */
import type { ParameterTable } from "../kernel/parameter.ts";
import { NEIGHBOUR_PARAMETERS } from "../network/neighbour-cache.ts";
import { TCP_PARAMETERS } from "../network/retransmission.ts";
import type { ClientEntry } from "./client-schema.ts";
import { readOverrides, writeOverrides } from "./parameters.ts";
import type { ProblemList, ScenarioPath } from "./problem.ts";
import type { ScenarioClient } from "./scenario.ts";

/** What only a client with a connection has. */
const TCP_KEYS = ["role", "os", "giveUpAfter", "retransmission"] as const;

export function toClients(
  entries: readonly ClientEntry[],
  vm: string,
  path: ScenarioPath,
  problems: ProblemList,
): ScenarioClient[] {
  const clients = entries.map((entry, position) => toClient(entry, position, [...path, position], problems));
  for (const [position, client] of clients.entries()) {
    if (clients.findIndex((other) => other.name === client.name) < position) {
      problems.add(
        [...path, position, "name"],
        `two clients of "${vm}" are named "${client.name}"`,
        "give each its own name",
        "duplicate-client",
      );
    }
  }
  return clients;
}

function toClient(entry: ClientEntry, position: number, path: ScenarioPath, problems: ProblemList): ScenarioClient {
  const { kind, os = "linux", role = "request", giveUpAfter, retransmission, neighbour } = entry;
  const client: ScenarioClient = {
    name: entry.name ?? `client${position + 1}`,
    kind,
    intervalSeconds: entry.interval,
  };
  if (kind === "ping") {
    for (const key of TCP_KEYS) {
      if (entry[key] === undefined) continue;
      problems.add([...path, key], `a ping has no ${key}`, `leave ${key} out, or write kind: tcp`);
    }
  } else {
    const timers = readOverrides(
      TCP_PARAMETERS[os],
      retransmission ?? {},
      `TCP of ${os}`,
      [...path, "retransmission"],
      problems,
    );
    client.tcp = {
      role,
      os,
      ...(giveUpAfter === undefined ? {} : { giveUpAfterSeconds: giveUpAfter }),
      ...(Object.keys(timers).length === 0 ? {} : { overrides: timers }),
    };
  }
  if (entry.switch !== undefined) client.switch = entry.switch;
  if (neighbour !== undefined) {
    const { kind: cache, ...values } = typeof neighbour === "string" ? { kind: neighbour } : neighbour;
    const overrides = readOverrides(
      NEIGHBOUR_PARAMETERS[cache],
      values as Record<string, string | number | boolean>,
      `the ARP cache of ${cache}`,
      [...path, "neighbour"],
      problems,
    );
    client.neighbour = { kind: cache, overrides };
  }
  return client;
}

/** As a file would write it. */
export function writeClient({
  name,
  kind,
  intervalSeconds,
  tcp,
  neighbour,
  switch: connected,
}: ScenarioClient): object {
  return {
    name,
    kind,
    interval: intervalSeconds,
    ...(tcp === undefined
      ? {}
      : {
          role: tcp.role,
          os: tcp.os,
          ...(tcp.giveUpAfterSeconds === undefined ? {} : { giveUpAfter: tcp.giveUpAfterSeconds }),
          ...(tcp.overrides === undefined
            ? {}
            : { retransmission: writeOverrides(tcp.overrides, TCP_PARAMETERS[tcp.os]) }),
        }),
    ...(connected === undefined ? {} : { switch: connected }),
    ...(neighbour === undefined ? {} : { neighbour: writeNeighbour(neighbour) }),
  };
}

function writeNeighbour({ kind, overrides }: NonNullable<ScenarioClient["neighbour"]>): object {
  const table: ParameterTable = NEIGHBOUR_PARAMETERS[kind];
  return { kind, ...writeOverrides(overrides, table) };
}
