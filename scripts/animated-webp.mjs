/**
 * An animated WebP from still ones: the container of Google's "WebP Container Specification" (RIFF, chunks VP8X, ANIM and
 * ANMF); the frames' own bitstreams are taken as they are.
 */

/** The chunk of a still picture that holds its bitstream. */
const BITSTREAMS = ["VP8 ", "VP8L"];

/**
 * @param {readonly { webp: Buffer, milliseconds: number }[]} frames whole pictures of one size, each a simple WebP file
 * @param {{ width: number, height: number }} size
 * @returns {Buffer} plays for ever
 */
export function animatedWebp(frames, { width, height }) {
  const ANIMATION = 0x02;
  const features = Buffer.concat([Buffer.from([ANIMATION, 0, 0, 0]), uint24(width - 1), uint24(height - 1)]);
  const opaqueWhite = Buffer.from([0xff, 0xff, 0xff, 0xff]);
  const forEver = Buffer.from([0, 0]);
  const chunks = [chunk("VP8X", features), chunk("ANIM", Buffer.concat([opaqueWhite, forEver]))];
  for (const { webp, milliseconds } of frames) {
    const atOrigin = Buffer.concat([uint24(0), uint24(0)]);
    const overwrite = Buffer.from([0x02]);
    const head = Buffer.concat([atOrigin, uint24(width - 1), uint24(height - 1), uint24(milliseconds), overwrite]);
    chunks.push(chunk("ANMF", Buffer.concat([head, bitstreamOf(webp)])));
  }
  return chunk("RIFF", Buffer.concat([Buffer.from("WEBP", "latin1"), ...chunks]));
}

/** @param {Buffer} webp */
function bitstreamOf(webp) {
  for (let at = 12; at + 8 <= webp.length; ) {
    const length = webp.readUInt32LE(at + 4);
    if (BITSTREAMS.includes(webp.toString("latin1", at, at + 4))) {
      return chunk(webp.toString("latin1", at, at + 4), webp.subarray(at + 8, at + 8 + length));
    }
    at += 8 + length + (length % 2);
  }
  throw new Error("a frame holds no bitstream");
}

/** @param {string} name @param {Buffer} content */
function chunk(name, content) {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(content.length);
  return Buffer.concat([Buffer.from(name, "latin1"), length, content, Buffer.alloc(content.length % 2)]);
}

/** @param {number} value */
function uint24(value) {
  return Buffer.from([value & 0xff, (value >> 8) & 0xff, (value >> 16) & 0xff]);
}
