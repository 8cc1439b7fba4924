/**
 * The simulator's version, as results and traces name it: package.json's, which the simulator itself cannot read since it
 * runs in the page too. A test holds the two together.
 */
export const ENGINE_VERSION = "0.1.0";
