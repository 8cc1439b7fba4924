/** Many seeds of the present run: a fan, a histogram, and what they say of an objective. */
import { chancesOf } from "../model/chances.ts";
import { drawFan, drawHistogram, sentenceOf } from "../view/chances-chart.ts";
import { watchedPlace } from "../view/place-of.ts";
import type { Outcome } from "../worker/messages.ts";
import { byId } from "./elements.ts";
import type { Studied, Study } from "./study.ts";

const MOST_SEEDS = 5000;

export interface ChancesPanel {
  /** Runs so many seeds. */
  run(count: number): void;
  /** Runs whose fan is shown, or is being made; null without one. */
  readonly seeds: number | null;
  /** Of the downtime; null where none is given. */
  readonly objectiveSeconds: number | null;
  setObjective(seconds: number): void;
  /** The present run is another: what is shown is no longer its fan. */
  outdated(): void;
}

/**
 * @param studied what is shown at present; null while there is nothing to ask about
 * @param changed called when other runs are asked for, or for another objective
 */
export function chancesPanel(study: Study, studied: () => Studied | null, changed: () => void): ChancesPanel {
  const form = byId<HTMLFormElement>("chances-form");
  const seeds = byId<HTMLInputElement>("chances-seeds");
  const objective = byId<HTMLInputElement>("chances-objective");
  const said = byId("chances-said");
  const button = byId<HTMLButtonElement>("chances-run");
  const [fan, histogram] = [byId("chances-fan"), byId("chances-histogram")];
  let outcomes: readonly Outcome[] = [];
  let running = false;
  /** So many were asked for. */
  let asked: number | null = null;

  function objectiveSeconds(): number | null {
    const value = Number(objective.value);
    return objective.value !== "" && value > 0 ? value / 1000 : null;
  }

  function draw(): void {
    byId("chances-charts").hidden = outcomes.length === 0;
    if (outcomes.length === 0) return;
    const downtimes = outcomes.map(({ outcome, downtimeSeconds }) =>
      outcome === "completed" ? downtimeSeconds : null,
    );
    const chances = chancesOf(downtimes, objectiveSeconds());
    const completed = downtimes.filter((each): each is number => each !== null);
    drawFan(fan, outcomes, placeNow());
    drawHistogram(histogram, completed, chances, objectiveSeconds(), histogramPlace());
    said.textContent = sentenceOf(chances, objectiveSeconds());
  }

  function setRunning(now: boolean): void {
    running = now;
    button.textContent = now ? "Stop" : "Run them";
    form.dataset.running = String(now);
  }

  function run(count: number): void {
    const subject = studied();
    if (subject === null) return;
    seeds.value = String(count);
    asked = count;
    outcomes = [];
    setRunning(true);
    changed();
    void study.seeds(subject, count, (found, done) => {
      outcomes = [...found];
      if (done) setRunning(false);
      draw();
    });
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (running) {
      study.stop();
      setRunning(false);
      return;
    }
    const count = Math.round(Number(seeds.value));
    const good = count >= 1 && count <= MOST_SEEDS;
    seeds.setAttribute("aria-invalid", String(!good));
    if (good) run(count);
    else said.textContent = `Runs must be a whole number from 1 to ${MOST_SEEDS}.`;
  });
  objective.addEventListener("input", () => {
    draw();
    changed();
  });
  const placeNow = watchedPlace(fan, draw);
  const histogramPlace = watchedPlace(histogram, () => {});
  return {
    run,
    get seeds() {
      return asked;
    },
    get objectiveSeconds() {
      return objectiveSeconds();
    },
    setObjective(seconds) {
      objective.value = String(Number((seconds * 1000).toPrecision(12)));
      draw();
    },
    outdated() {
      if (running) study.stop();
      setRunning(false);
      asked = null;
      outcomes = [];
      said.textContent =
        "The same move again and again, with other luck: what the downtime is in most runs, and in the worst.";
      draw();
    },
  };
}
