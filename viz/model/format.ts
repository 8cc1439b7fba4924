/** Numbers as the page writes them: three figures that matter, always with a unit, the same in every locale. */

/** 1234567 as `1 234 567`, with spaces that do not break. */
export function formatCount(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+(?!\d))/g, "\u202f");
}

function figures(value: number, digits = 3): string {
  if (value === 0) return "0";
  const magnitude = Math.floor(Math.log10(Math.abs(value)) + 1e-12);
  return value.toFixed(Math.max(0, Math.min(digits - 1 - magnitude, 6)));
}

/** A duration: `38.4 s`, `302 ms`, `41 µs`, `2 min 5 s`. */
export function formatSeconds(seconds: number): string {
  if (seconds === 0) return "0 s";
  const size = Math.abs(seconds);
  if (size < 0.9995e-3) return `${figures(seconds * 1e6)} µs`;
  if (size < 0.9995) return `${figures(seconds * 1e3)} ms`;
  if (size < 120) return `${figures(seconds)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** A moment: seconds with as many decimals as the span it stands in asks for. */
export function formatMoment(seconds: number, decimals = 3): string {
  return `${seconds.toFixed(decimals)} s`;
}

const BINARY = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

/** A size in binary multiples: `1.98 GiB`. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (Math.abs(value) >= 1024 && unit < BINARY.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? String(Math.round(value)) : figures(value)} ${BINARY[unit]}`;
}

/** A rate on the wire, in bits as networks are sold: `952 Mbit/s`. */
export function formatRate(bytesPerSecond: number): string {
  const bits = bytesPerSecond * 8;
  if (bits >= 0.9995e9) return `${figures(bits / 1e9)} Gbit/s`;
  if (bits >= 0.9995e6) return `${figures(bits / 1e6)} Mbit/s`;
  if (bits >= 0.9995e3) return `${figures(bits / 1e3)} kbit/s`;
  return `${figures(bits)} bit/s`;
}

export function formatShare(share: number): string {
  return `${Math.round(share * 100)} %`;
}
