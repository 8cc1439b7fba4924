/** How many random bits a sampler needs. */

export const TWO_TO_MINUS_32 = 2.3283064365386963e-10;

/**
 * A rejection sampler that spreads one 32-bit draw over more whole numbers than this takes a second draw for the lower
 * bits: up to here the 32 bits distort no probability by more than 2^-20 of itself.
 */
export const FINE_SPREAD = 4096;
