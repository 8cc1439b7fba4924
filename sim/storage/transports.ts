/** What connects hosts with their storage: the payload that each transport carries, worked out from its framing. */
import { goodputBytesPerSecond } from "../network/framing.ts";

export const SAN_TRANSPORT_NAMES = [
  "fc-2gbit",
  "fc-4gbit",
  "fc-8gbit",
  "iscsi-1gbe",
  "iscsi-10gbe",
  "fcoe-10gbe",
] as const;
export type SanTransport = (typeof SAN_TRANSPORT_NAMES)[number];

/** What a volume has whose transport nobody says: the usual one of the years of Windows Server 2008 and 2008 R2. */
export const DEFAULT_TRANSPORT: SanTransport = "fc-4gbit";

/** Data in a Fibre Channel frame, a whole number of disk blocks (FC-FS: at most 2112 bytes). */
const FC_DATA_BYTES = 2048;
/** Around them: start and end of frame 4 + 4, header 24, CRC 4, and the six words of idling between two frames. */
const FC_FRAME_BYTES = FC_DATA_BYTES + 4 + 24 + 4 + 4 + 24;
/** FC-FS: 8 of 10 bits are data at 2, 4 and 8 Gbit/s. */
const FC_CODED_SHARE = 0.8;
/** Line rate of 1 Gbit/s Fibre Channel (FC-PI); the others are multiples. */
const FC_BAUD = 1.0625e9;

/** iSCSI (RFC 7143): a basic header segment of 48 bytes before the data, 8 KiB at a time unless negotiated otherwise. */
const ISCSI_SHARE = 8192 / (8192 + 48);

/** FCoE (FC-BB-5) in Ethernet: preamble 8, addresses and type 14, VLAN tag 4, FCoE header 14 and trailer 4, FCS 4, gap 12. */
const FCOE_FRAME_BYTES = 8 + 14 + 4 + 14 + (24 + FC_DATA_BYTES + 4) + 4 + 4 + 12;

const GIGABIT = 1e9 / 8;

const BYTES_PER_SECOND: Readonly<Record<SanTransport, number>> = {
  "fc-2gbit": fibreChannel(2),
  "fc-4gbit": fibreChannel(4),
  "fc-8gbit": fibreChannel(8),
  "iscsi-1gbe": ISCSI_SHARE * goodputBytesPerSecond(GIGABIT, 1500),
  "iscsi-10gbe": ISCSI_SHARE * goodputBytesPerSecond(10 * GIGABIT, 1500),
  "fcoe-10gbe": (10 * GIGABIT * FC_DATA_BYTES) / FCOE_FRAME_BYTES,
};

/** Payload bytes a second that a transport carries. */
export function transportBytesPerSecond(transport: SanTransport): number {
  return BYTES_PER_SECOND[transport];
}

function fibreChannel(gigabits: number): number {
  return ((gigabits * FC_BAUD * FC_CODED_SHARE) / 8) * (FC_DATA_BYTES / FC_FRAME_BYTES);
}
