/** The lesson's sentence and its buttons. */
import { byId } from "./elements.ts";

export interface LessonBarState {
  title: string;
  /** Of the sentences, the playground's being the last; counted from 1. */
  number: number;
  of: number;
  say: string;
  /** A word on what could not be shown; null where all is well. */
  trouble: string | null;
  next: "step" | "playground" | "lesson" | "end";
}

const NEXT_LABELS = { step: "Continue", playground: "Try it yourself", lesson: "Next lesson", end: "To all lessons" };

export function lessonBar(uses: { next(): void; back(): void; replay(): void; leave(): void }) {
  const bar = byId("lesson");
  const next = byId<HTMLButtonElement>("lesson-next");
  const back = byId<HTMLButtonElement>("lesson-back");
  next.addEventListener("click", uses.next);
  back.addEventListener("click", uses.back);
  byId("lesson-replay").addEventListener("click", uses.replay);
  byId("lesson-leave").addEventListener("click", uses.leave);
  return {
    show(state: LessonBarState | null): void {
      bar.hidden = state === null;
      bar.dataset.settled = "";
      document.documentElement.dataset.lesson = String(state !== null);
      if (state === null) return;
      byId("lesson-title").textContent = state.title;
      byId("lesson-count").textContent = `${state.number} of ${state.of}`;
      byId("lesson-say").textContent = state.say;
      const trouble = byId("lesson-trouble");
      trouble.hidden = state.trouble === null;
      trouble.textContent = state.trouble ?? "";
      next.textContent = NEXT_LABELS[state.next];
      // Not disabled: a button that is would lose the focus of whoever pressed it.
      back.setAttribute("aria-disabled", String(state.number === 1));
      const progress = byId("lesson-progress");
      progress.style.setProperty("--share", String(state.number / state.of));
    },
    /** The step's picture is there. */
    settle(name: string, number: number): void {
      bar.dataset.settled = `${name} ${number}`;
    },
  };
}
