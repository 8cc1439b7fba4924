/** QEMU's sender as its parameters set it up: plain, over multifd's channels, compressing. */
import type { ParameterValues } from "../../kernel/parameter.ts";
import type { DirtyLog, Rearm } from "../../memory/dirty-log.ts";
import { type GuestMemory, PAGE_BYTES } from "../../memory/page-class.ts";
import type { PacketFormat } from "../../migration/packet-fill.ts";
import type { WireFormat } from "../../migration/page-sender.ts";
import { WindowedSender } from "../../migration/windowed-sender.ts";
import { Xbzrle } from "../../migration/xbzrle.ts";
import type { Link } from "../../network/link.ts";
import { SendSocket, sendBufferBytes, slowStartLagSeconds } from "../../network/tcp.ts";
import type { EnvironmentValues } from "../environments/host-parameters.ts";
import type { OLD_COMPRESSION_PARAMETERS } from "./compression-parameters.ts";
import type { QEMU_PARAMETERS } from "./parameters.ts";
import { deltaCompresses } from "./without-effect.ts";

type Values = Readonly<ParameterValues<typeof QEMU_PARAMETERS>> &
  Readonly<Partial<ParameterValues<typeof OLD_COMPRESSION_PARAMETERS>>> & {
    /** Where the version has it. */
    readonly availSwitchoverBandwidthBytesPerSecond?: number;
  };

/** Connections that carry pages. */
export function streamsOf(parameters: Values): number {
  return parameters.multifd ? parameters.multifdChannels : 1;
}

/** max-bandwidth, 0 being none. */
function maxBandwidthOf({ maxBandwidthBytesPerSecond }: Values): number {
  return maxBandwidthBytesPerSecond === 0 ? Number.POSITIVE_INFINITY : maxBandwidthBytesPerSecond;
}

/** Bytes per second that all threads together compress; null where nothing is compressed. */
function compressionOf(parameters: Values): number | null {
  if (!parameters.multifd) {
    return parameters.compress ? (parameters.compressThreads ?? 1) * parameters.zlibBytesPerSecond : null;
  }
  if (parameters.multifdZstd) return parameters.multifdChannels * parameters.zstdBytesPerSecond;
  return parameters.multifdZlib ? parameters.multifdChannels * parameters.zlibBytesPerSecond : null;
}

/** Data of a page on the wire, its header left out. */
function pageDataBytes(parameters: Values, memory: GuestMemory): number {
  return compressionOf(parameters) === null ? PAGE_BYTES : Math.ceil(PAGE_BYTES * memory.compressedShare);
}

function packetFormatOf(parameters: Values, pageBytes: number): PacketFormat | null {
  if (!parameters.multifd) return null;
  return {
    pages: parameters.multifdPacketPages,
    headerBytes: parameters.multifdPacketHeaderBytes,
    pageBytes,
    zeroPageBytes: parameters.multifdZeroPageDetection ? 0 : null,
    syncBytes: parameters.multifdChannels * parameters.multifdPacketHeaderBytes,
    syncsEachSection: parameters.multifdFlushAfterEachSection,
  };
}

function wireFormatOf(parameters: Values, pageBytes: number, packets: PacketFormat | null): WireFormat {
  const sectionBytes = parameters.sectionFramingBytes;
  if (packets !== null) {
    const headerShareBytes = packets.headerBytes / packets.pages;
    const zeroPageBytes = packets.zeroPageBytes === null ? parameters.zeroPageBytes : headerShareBytes;
    return { pageBytes: pageBytes + headerShareBytes, zeroPageBytes, sectionBytes };
  }
  const headerBytes = parameters.compress
    ? (parameters.compressedPageHeaderBytes ?? parameters.pageHeaderBytes)
    : parameters.pageHeaderBytes;
  return { pageBytes: pageBytes + headerBytes, zeroPageBytes: parameters.zeroPageBytes, sectionBytes };
}

export function makeQemuSender(
  parameters: Values,
  environment: EnvironmentValues,
  rearm: Rearm,
  log: DirtyLog,
  link: Link,
  memory: GuestMemory,
): WindowedSender {
  const streams = streamsOf(parameters);
  const pageBytes = pageDataBytes(parameters, memory);
  const packets = packetFormatOf(parameters, pageBytes);
  const wire = wireFormatOf(parameters, pageBytes, packets);
  const compressionBytesPerSecond = compressionOf(parameters) ?? Number.POSITIVE_INFINITY;
  // Threads work side by side: the slowest stage sets the pace.
  const pageSeconds = (bytesPerSecond: number) =>
    Math.max(
      wire.pageBytes / (bytesPerSecond * streams),
      PAGE_BYTES / compressionBytesPerSecond,
      parameters.multifd ? parameters.multifdQueuePageSeconds : 0,
    );
  const copyBytesPerSecond = (bytesPerSecond: number) =>
    streams === 1 && compressionBytesPerSecond === Number.POSITIVE_INFINITY
      ? bytesPerSecond
      : wire.pageBytes / pageSeconds(bytesPerSecond);
  const zeroPageSeconds =
    packets === null || packets.zeroPageBytes === null
      ? environment.zeroPageSeconds
      : Math.max(environment.zeroPageSeconds / streams, parameters.multifdQueuePageSeconds);
  const path = {
    bytesPerSecond: link.capacityBytesPerSecond,
    roundTripSeconds: 2 * link.latencySeconds,
    queueBytes: link.queueBytes,
    lossShare: link.lossShare,
  };
  const bufferBytes = streams * sendBufferBytes(path, streams, environment.socketBufferBytes);
  const streamsBytesPerSecond = Math.min(
    streams * link.connectionLimitBytesPerSecond(),
    // What is not yet acknowledged stays in the buffer, a round trip long.
    path.roundTripSeconds === 0 ? Number.POSITIVE_INFINITY : bufferBytes / path.roundTripSeconds,
  );
  const settings = {
    wire,
    packets,
    pageSizeBytes: PAGE_BYTES,
    windowSeconds: parameters.windowSeconds,
    oversleepSeconds: environment.oversleepSeconds,
    sectionSeconds: parameters.sectionLimitSeconds,
    pagesPerClockCheck: parameters.pagesPerClockCheck,
    maxBandwidthBytesPerSecond: maxBandwidthOf(parameters),
    downtimeLimitSeconds: parameters.downtimeLimitSeconds,
    switchoverBytesPerSecond: parameters.availSwitchoverBandwidthBytesPerSecond ?? 0,
    copyBytesPerSecond: copyBytesPerSecond(environment.copyRateBytesPerSecond),
    finalCopyBytesPerSecond: copyBytesPerSecond(environment.finalCopyRateBytesPerSecond),
    zeroPageSeconds,
    linkBytesPerSecond: Math.min(link.capacityBytesPerSecond, streamsBytesPerSecond),
    streamsBytesPerSecond,
    latencySeconds: link.latencySeconds,
    slowStartLagSeconds: slowStartLagSeconds(link.capacityBytesPerSecond / streams, 2 * link.latencySeconds),
  };
  return new WindowedSender(log, new SendSocket(bufferBytes), settings, xbzrleOf(parameters, rearm, log, memory));
}

/** Null where pages are sent whole. The cache holds a power of two of pages (page_cache.c, cache_init). */
function xbzrleOf(parameters: Values, rearm: Rearm, log: DirtyLog, memory: GuestMemory): Xbzrle | null {
  if (!deltaCompresses(parameters)) return null;
  let slots = 1;
  while (2 * slots * PAGE_BYTES <= parameters.xbzrleCacheBytes) slots *= 2;
  return new Xbzrle(log, memory, {
    slots,
    lifetimeReads: parameters.xbzrlePageLifetimeReads,
    headerBytes: parameters.xbzrleHeaderBytes,
    encodingBytes: parameters.xbzrleEncodingBytes,
    wordBytes: parameters.xbzrleWordBytes,
    wholePageBytes: PAGE_BYTES + parameters.pageHeaderBytes,
    pageSeconds: parameters.xbzrlePageSeconds,
    wordSeconds: parameters.xbzrleEncodeWordSeconds,
    insertSeconds: parameters.xbzrleInsertSeconds,
    chunkPages: rearm.kind === "by-chunk" ? rearm.chunkPages : 0,
  });
}
