/** How fast a guest answers its clients: what belongs to the machine and not to the network. */
import type { ParameterTable } from "../kernel/parameter.ts";

export const GUEST_ANSWER_PARAMETERS = {
  guestAnswerSeconds: {
    value: 0,
    kind: "seconds",
    provenance: "assumed",
    source: "Guests on hardware acknowledge within a tenth of a millisecond or so.",
    meaning: "What a guest takes to answer a client, all but the network: it is part of TCP's round trip.",
    least: 0,
    greatest: 2,
  },
  guestFirstAnswerSeconds: {
    value: 0,
    kind: "seconds",
    provenance: "assumed",
    source: "Guests on hardware answer as soon as they run.",
    meaning: "From running again until a guest's first answer leaves; what came in meanwhile is answered then.",
    least: 0,
    greatest: 2,
  },
} as const satisfies ParameterTable;
