/** Properties are tried with the same cases each time: what passes here passes everywhere. */
import fc from "fast-check";

fc.configureGlobal({ seed: 20_080_627 });
