/** The dialog of lessons and of scenarios to start from. */
import type { Lesson, Scenario } from "../simulator.ts";
import { byId } from "./elements.ts";

export interface LibraryLesson {
  name: string;
  lesson: Lesson;
}

export interface LibraryScenario {
  name: string;
  scenario: Scenario;
}

export interface Library {
  lessons: readonly LibraryLesson[];
  scenarios: readonly LibraryScenario[];
}

export interface LibraryDialog {
  open(): void;
}

export function libraryDialog(
  library: Library,
  uses: { lesson(chosen: LibraryLesson): void; scenario(chosen: LibraryScenario): void },
): LibraryDialog {
  const dialog = byId<HTMLDialogElement>("library");
  const entry = (title: string, text: string, choose: () => void): HTMLElement => {
    const item = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    const head = document.createElement("strong");
    head.textContent = title;
    const rest = document.createElement("span");
    rest.textContent = text;
    button.append(head, rest);
    button.addEventListener("click", () => {
      dialog.close();
      choose();
    });
    item.append(button);
    return item;
  };
  byId("library-lessons").replaceChildren(
    ...library.lessons.map((each) => entry(each.lesson.title, each.lesson.summary, () => uses.lesson(each))),
  );
  byId("library-scenarios").replaceChildren(
    ...library.scenarios.map((each) => entry(each.scenario.name, each.scenario.description, () => uses.scenario(each))),
  );
  byId("open-library").addEventListener("click", () => dialog.showModal());
  return { open: () => dialog.showModal() };
}
