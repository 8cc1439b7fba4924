/** A process of its own that runs machines at once in SimGrid's model, and prints the most resident memory that it had. Argument: machines. */
import { PreparedScenario } from "../sim/index.ts";
import { allAtOnce } from "./scenarios.ts";

new PreparedScenario(allAtOnce(Number(process.argv[2]), "simgrid-3.32", 0.02e6)).run();
console.log(process.resourceUsage().maxRSS * 1024);
