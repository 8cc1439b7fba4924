/** Powers of two by their exponent: scaling by them is exact, and a look-up is faster than putting bits together. */

const LEAST_EXPONENT = -1074;

export const POWER_OF_TWO_OFFSET = -LEAST_EXPONENT;

/** 2^-1074 to 2^1023; 2^e is at index e + POWER_OF_TWO_OFFSET. */
export const POWERS_OF_TWO = new Float64Array(2098);

let power = 1;
for (let exponent = 0; exponent <= 1023; exponent += 1) {
  POWERS_OF_TWO[exponent + POWER_OF_TWO_OFFSET] = power;
  power *= 2;
}
power = 1;
for (let exponent = 0; exponent >= LEAST_EXPONENT; exponent -= 1) {
  POWERS_OF_TWO[exponent + POWER_OF_TWO_OFFSET] = power;
  power /= 2;
}
