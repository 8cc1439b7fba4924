/** How long hosts that do not run QEMU keep up a migration's connection over which nothing comes. */
import { CONNECTION_PARAMETERS } from "../../network/connection.ts";
import { ASSUMED, type Changes } from "./host-parameters.ts";

const AS_LINUX = "As Linux; nothing was found.";

export const WINDOWS_CONNECTION = {
  connectionTimeoutSeconds: {
    value: 18.9,
    provenance: ASSUMED,
    source:
      "Windows' TCP gives up after five retransmissions (TcpMaxDataRetransmissions, from memory): 0.3 s doubling, 63 times the first.",
  },
  connectionRtoSeconds: {
    value: 0.3,
    provenance: ASSUMED,
    source: "Windows' least time-out is commonly given as 300 ms; no document of Microsoft's was found.",
  },
  connectionTailLossProbe: {
    value: false,
    provenance: ASSUMED,
    source: "Not in Windows of the years of 2008 R2; later ones have it.",
  },
} as const satisfies Changes;

export const ESX_CONNECTION = {
  connectionTimeoutSeconds: {
    value: 20,
    provenance: ASSUMED,
    source: "vMotion gives up what has had no answer for 20 s (Migrate.NetTimeout, from memory).",
  },
  connectionRtoSeconds: {
    value: CONNECTION_PARAMETERS.connectionRtoSeconds.value,
    provenance: ASSUMED,
    source: AS_LINUX,
  },
  connectionTailLossProbe: { value: false, provenance: ASSUMED, source: "ESX's TCP comes from BSD, which had none." },
} as const satisfies Changes;
