/** Plays a lesson: each step is a picture that depends on the step alone, so that going back shows what going forward showed. */
import { describeMoment, momentSeconds } from "../model/lesson-moments.ts";
import { type WantedRun, wantedRun } from "../model/lesson-run.ts";
import type { Lesson, LessonNumber, LessonPanel, LessonRun, LessonStep } from "../simulator.ts";
import type { Scene } from "../view/view.ts";
import { lessonBar } from "./lesson-bar.ts";

/** What a lesson does with the page. */
export interface LessonStage {
  /** Shows a run, still at its start; null where it cannot be run or something else took its place. */
  show(run: WantedRun): Promise<Scene | null>;
  /** Simulates a run without showing it. */
  compare(run: WantedRun, name: string): Promise<void>;
  dropComparison(): void;
  seek(t: number): void;
  /** Plays from where it stands; `speed` null takes a few seconds. Where motion is to be reduced, goes there at once. */
  playTo(t: number, speed: number | null): void;
  look(panels: readonly LessonPanel[]): void;
  curve(number: LessonNumber | null): void;
  seeds(count: number): void;
  offer(numbers: readonly LessonNumber[] | null): void;
  /** The lesson is over or was left. */
  left(): void;
  /** Another step is shown: the address changes. */
  moved(): void;
}

export interface LessonPlayer {
  /** The lesson and step that are shown, for the address; null outside lessons. */
  readonly place: { name: string; step: number } | null;
  open(lesson: Lesson, name: string, step: number): Promise<void>;
  next(): void;
  back(): void;
  replay(): void;
  leave(): void;
}

/** @param after what follows the lesson of that name; null where it is the last */
export function lessonPlayer(
  stage: LessonStage,
  after: (name: string) => { name: string; lesson: Lesson } | null,
  chooseLesson: () => void,
): LessonPlayer {
  let lesson: Lesson | null = null;
  let name = "";
  let index = 0;
  /** Raised by each step: what a slow run brings too late is left alone. */
  let turn = 0;
  const bar = lessonBar({ next, back, replay, leave });

  function stepAt(of: Lesson, at: number): LessonStep {
    return of.steps[at] ?? of.playground;
  }

  /** What the step needs beyond its run, or why it cannot have it. */
  function place(scene: Scene, step: LessonStep): string | null {
    const { timeline, migration } = scene;
    const at = momentSeconds(timeline, migration, step.at);
    stage.seek(at ?? timeline.startSeconds);
    if (at === null) return `The run has no ${describeMoment(step.at)}.`;
    if (step.play === null) return null;
    const to = momentSeconds(timeline, migration, step.play.to);
    if (to === null) return `The run has no ${describeMoment(step.play.to)}.`;
    if (to > at) stage.playTo(to, step.play.speed);
    return null;
  }

  async function apply(): Promise<void> {
    if (lesson === null) return;
    turn += 1;
    const mine = turn;
    const current = lesson;
    const step = stepAt(current, index);
    const playground = index >= current.steps.length;
    const tell = (trouble: string | null): void =>
      bar.show({
        title: current.title,
        number: index + 1,
        of: current.steps.length + 1,
        say: step.say,
        trouble,
        next: playground
          ? after(name) === null
            ? "end"
            : "lesson"
          : index + 1 === current.steps.length
            ? "playground"
            : "step",
      });
    tell(null);
    stage.look(playground ? panelsOfPlayground(step) : panelsOf(step));
    stage.offer(playground ? current.playground.controls : []);
    stage.moved();
    const wanted = (run: LessonRun): WantedRun => wantedRun(current, run);
    const scene = await stage.show(wanted(step.run));
    if (turn !== mine || lesson !== current) return;
    if (scene === null) {
      tell("This step's run cannot be made.");
      return;
    }
    tell(place(scene, step));
    if (step.compare === null) stage.dropComparison();
    else await stage.compare(wanted(step.compare.run), step.compare.name);
    if (turn !== mine) return;
    stage.curve(step.curve);
    if (step.seeds > 0) stage.seeds(step.seeds);
    bar.settle(name, index + 1);
  }

  function next(): void {
    if (lesson === null) return;
    if (index < lesson.steps.length) {
      index += 1;
      void apply();
      return;
    }
    const following = after(name);
    if (following === null) chooseLesson();
    else void open(following.lesson, following.name, 0);
  }

  function back(): void {
    if (lesson === null || index === 0) return;
    index -= 1;
    void apply();
  }

  function replay(): void {
    void apply();
  }

  function leave(): void {
    if (lesson === null) return;
    lesson = null;
    turn += 1;
    bar.show(null);
    stage.look([]);
    stage.offer(null);
    stage.dropComparison();
    stage.left();
    stage.moved();
  }

  async function open(chosen: Lesson, chosenName: string, step: number): Promise<void> {
    lesson = chosen;
    name = chosenName;
    index = Math.min(Math.max(step, 0), chosen.steps.length);
    await apply();
  }

  return {
    get place() {
      return lesson === null ? null : { name, step: index };
    },
    open,
    next,
    back,
    replay,
    leave,
  };
}

/** What a step points at, with what it asks for in so many words. */
function panelsOf(step: LessonStep): LessonPanel[] {
  const panels = [...step.look];
  const add = (panel: LessonPanel, wanted: boolean): void => {
    if (wanted && !panels.includes(panel)) panels.push(panel);
  };
  add("compare", step.compare !== null);
  add("what-if", step.curve !== null);
  add("chances", step.seeds > 0);
  return panels;
}

function panelsOfPlayground(step: LessonStep): LessonPanel[] {
  const panels = panelsOf(step);
  return panels.includes("what-if") ? panels : [...panels, "what-if"];
}
