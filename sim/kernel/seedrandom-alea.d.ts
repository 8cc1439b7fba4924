/** @types/seedrandom describes the package's main entry only; this is its alea generator alone. */
declare module "seedrandom/lib/alea.js" {
  /** What a generator draws from: three numbers in [0, 1), and a carry. */
  export interface AleaState {
    readonly s0: number;
    readonly s1: number;
    readonly s2: number;
    readonly c: number;
  }
  interface AleaGenerator {
    /** A number in [0, 1) with 32 random bits. */
    (): number;
    /** A number in [0, 1) with 53 random bits. */
    double(): number;
  }
  /** Seeded with `seed`, or in this state. */
  const alea: (seed: string, options?: { readonly state: AleaState }) => AleaGenerator;
  export default alea;
}
