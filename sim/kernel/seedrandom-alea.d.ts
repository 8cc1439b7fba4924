/** @types/seedrandom describes the package's main entry only; this is its alea generator alone. */
declare module "seedrandom/lib/alea.js" {
  interface AleaGenerator {
    /** A number in [0, 1) with 32 random bits. */
    (): number;
    /** A number in [0, 1) with 53 random bits. */
    double(): number;
  }
  const alea: (seed: string) => AleaGenerator;
  export default alea;
}
