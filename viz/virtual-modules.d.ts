/** What the simulator knows by name, read as the page is built (vite.config.ts). */
declare module "virtual:precopy-choices" {
  export const profiles: readonly import("./model/choices.ts").ProfileChoice[];
  export const workloads: readonly import("./model/choices.ts").WorkloadChoice[];
}

/** The lessons of examples/lessons/ and the scenarios that they are told with; the first scenario is the one that the page opens with. */
declare module "virtual:precopy-library" {
  export const lessons: readonly import("./controls/library.ts").LibraryLesson[];
  export const scenarios: readonly import("./controls/library.ts").LibraryScenario[];
}
