/** Scenario files are read and normalised as the page is built (vite.config.ts). */
declare module "*.yaml?scenario" {
  const scenario: import("./simulator.ts").Scenario;
  export default scenario;
}
