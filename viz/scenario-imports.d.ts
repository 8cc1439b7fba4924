/** Scenario files are read and normalised as the page is built (vite.config.ts). */
declare module "*.yaml?scenario" {
  const scenario: import("./simulator.ts").Scenario;
  export default scenario;
}

/** What the simulator knows by name, read as the page is built. */
declare module "virtual:precopy-choices" {
  export const profiles: readonly import("./model/choices.ts").ProfileChoice[];
  export const workloads: readonly import("./model/choices.ts").WorkloadChoice[];
}
