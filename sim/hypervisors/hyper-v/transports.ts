/** The ways in which Hyper-V sends memory from Windows Server 2012 R2 on: compressed, plain TCP, SMB Direct. */
import { type ParameterValues, resolveParameters } from "../../kernel/parameter.ts";
import { type GuestMemory, PAGE_BYTES } from "../../memory/page-class.ts";
import type { Link } from "../../network/link.ts";
import type { EnvironmentValues } from "../environments/host-parameters.ts";
import type { PageDataParameter, ProfileValues } from "../profile.ts";
import { HYPER_V_2012R2_PARAMETERS } from "./parameters.ts";
import type { Transport, Transports } from "./profile-of-release.ts";

type Values = ParameterValues<typeof HYPER_V_2012R2_PARAMETERS>;

/** SMB where it is switched on; else compressed, or plain where that gets memory over faster. */
export function transportsOf(values: ProfileValues, environment: EnvironmentValues): Transports {
  const parameters = resolveParameters(HYPER_V_2012R2_PARAMETERS, values);
  const fixed = parameters.smbDirect ? smbDirect(parameters) : plainTcp(parameters, environment);
  if (parameters.smbDirect) return { over: () => fixed, isSentByAdapters: true };
  if (!parameters.compression) return { over: () => fixed };
  return {
    over(link, memory) {
      const compressed = compressedTcp(parameters, environment, memory);
      return usedMemoryRate(compressed, link) >= usedMemoryRate(fixed, link) ? compressed : fixed;
    },
  };
}

/** Only what is compressed depends on how well the guest's pages compress. */
export function pageDataReadBy(values: ProfileValues): readonly PageDataParameter[] {
  const { compression, smbDirect } = resolveParameters(HYPER_V_2012R2_PARAMETERS, values);
  return compression && !smbDirect ? ["compressesToShare"] : [];
}

/** Each way of sending has parameters of its own. */
export function idleTransportParameters(values: ProfileValues): readonly string[] {
  const { compression, smbDirect } = resolveParameters(HYPER_V_2012R2_PARAMETERS, values);
  const ofCompression = compression && !smbDirect ? [] : ["compressionRateBytesPerSecond", "compressedZeroPageBytes"];
  return smbDirect ? ofCompression : [...ofCompression, "smbDirectRateBytesPerSecond"];
}

function plainTcp({ pageHeaderBytes }: Values, environment: EnvironmentValues): Transport {
  const pageBytes = PAGE_BYTES + pageHeaderBytes;
  return {
    wire: { pageBytes, zeroPageBytes: pageBytes, sectionBytes: 0 },
    capBytesPerSecond: environment.copyRateBytesPerSecond,
    finalCapBytesPerSecond: environment.finalCopyRateBytesPerSecond,
    leastPageSeconds: 0,
    slowStarts: true,
  };
}

/** The wire carries the compressed bytes; the processors work through all of them, zero pages too. */
function compressedTcp(values: Values, environment: EnvironmentValues, memory: GuestMemory): Transport {
  const { pageHeaderBytes, compressedZeroPageBytes, compressionRateBytesPerSecond } = values;
  const pageBytes = Math.round(PAGE_BYTES * memory.compressedShare) + pageHeaderBytes;
  return {
    wire: {
      pageBytes,
      zeroPageBytes: Math.min(pageBytes, compressedZeroPageBytes + pageHeaderBytes),
      sectionBytes: 0,
    },
    // What the processors leave unused of the link is left to others; in the blackout, to the device state.
    capBytesPerSecond: Math.min(
      environment.copyRateBytesPerSecond,
      (compressionRateBytesPerSecond * pageBytes) / PAGE_BYTES,
    ),
    finalCapBytesPerSecond: environment.finalCopyRateBytesPerSecond,
    leastPageSeconds: PAGE_BYTES / compressionRateBytesPerSecond,
    slowStarts: true,
  };
}

function smbDirect({ pageHeaderBytes, smbDirectRateBytesPerSecond }: Values): Transport {
  const pageBytes = PAGE_BYTES + pageHeaderBytes;
  return {
    wire: { pageBytes, zeroPageBytes: pageBytes, sectionBytes: 0 },
    capBytesPerSecond: smbDirectRateBytesPerSecond,
    finalCapBytesPerSecond: smbDirectRateBytesPerSecond,
    leastPageSeconds: 0,
    slowStarts: false,
  };
}

/** Pages in use that go over in a second on an otherwise idle link. */
function usedMemoryRate({ wire, capBytesPerSecond, leastPageSeconds }: Transport, link: Link): number {
  const { capacityBytesPerSecond } = link;
  const bytesPerSecond = Math.min(capBytesPerSecond, capacityBytesPerSecond, link.connectionLimitBytesPerSecond());
  const wireSeconds = wire.pageBytes / bytesPerSecond;
  return 1 / Math.max(wireSeconds, leastPageSeconds);
}
