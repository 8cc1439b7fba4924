/** A network of switches at which nodes' ports may be cut: no frame of theirs gets in, and none to them comes out. */
import type { LearningNetwork, MacObserver } from "./learning-network.ts";
import type { PathCuts } from "./path-cuts.ts";

export function cuttable(inner: LearningNetwork, cuts: PathCuts): LearningNetwork {
  return {
    network: inner.network,
    observe(mac: string, observer: MacObserver): void {
      inner.observe(mac, observer);
      cuts.watch({ onCutsChanged: () => observer.onMacMoved() });
    },
    learn(mac, node) {
      if (!cuts.isCut(node)) inner.learn(mac, node);
    },
    learnOnWay(mac, node) {
      if (!cuts.isCut(node)) inner.learnOnWay(mac, node);
    },
    fallSilent: (mac) => inner.fallSilent(mac),
    portOf: (mac) => inner.portOf(mac),
    delivers: (mac, node) => !cuts.isCut(node) && inner.delivers(mac, node),
    staleAtSeconds: (mac) => inner.staleAtSeconds(mac),
    carriesOf: (node) => !cuts.isCut(node),
  };
}
