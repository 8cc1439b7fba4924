/** Ethernet and IPv4 addresses as text and as bytes. */

export const MAC_BYTES = 6;
export const IPV4_BYTES = 4;

const HEX_PAIR = /^[0-9a-fA-F]{2}$/;
const DECIMAL_BYTE = /^(0|[1-9][0-9]{0,2})$/;

/** The six bytes of `52:54:00:12:34:56` or `52-54-00-12-34-56`; null where the text is no MAC address. */
export function parseMac(text: string): Uint8Array | null {
  const separator = text.includes("-") ? "-" : ":";
  const parts = text.split(separator);
  if (parts.length !== MAC_BYTES || !parts.every((part) => HEX_PAIR.test(part))) return null;
  return Uint8Array.from(parts, (part) => Number.parseInt(part, 16));
}

/** In lower case with colons, the form that traces hold. */
export function formatMac(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(":");
}

/** The four bytes of `192.0.2.7`; null where the text is no address in dotted decimal (no leading zeros). */
export function parseIpv4(text: string): Uint8Array | null {
  const parts = text.split(".");
  if (parts.length !== IPV4_BYTES) return null;
  if (!parts.every((part) => DECIMAL_BYTE.test(part) && Number(part) <= 255)) return null;
  return Uint8Array.from(parts, Number);
}

export function formatIpv4(bytes: Uint8Array): string {
  return Array.from(bytes).join(".");
}
