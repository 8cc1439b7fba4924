/**
 * The transcendental functions of the simulator, made of + - * / sqrt and bit patterns only, so that every engine gives
 * the same bits: the standard leaves the last bits of Math.exp, Math.log and Math.pow to the implementation, and a
 * simulation that used them would differ between Node and browsers.
 */

export { exp, expm1 } from "./exact-exp.ts";
export { log, log1p } from "./exact-log.ts";
export { power } from "./exact-power.ts";
export { logFactorial } from "./log-factorial.ts";
