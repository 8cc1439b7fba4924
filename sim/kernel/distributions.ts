/** Random numbers by distribution; all samplers are exact in law and deterministic given their stream. */

export { binomial } from "./binomial.ts";
export { exponential, gamma, normal } from "./continuous.ts";
export { hypergeometric } from "./hypergeometric.ts";
export { poisson } from "./poisson.ts";
export { positionOfMarked } from "./position-of-marked.ts";
