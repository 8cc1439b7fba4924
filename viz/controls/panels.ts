/** Which parts of the page are shown: all of them, those that an address leaves, or those that a step of a lesson points at. */
import { LESSON_PANELS, type LessonPanel } from "../simulator.ts";

/** The event log stands where the events do, and is chosen there. */
export type PagePanel = Exclude<LessonPanel, "event-log">;

/** Where on the page what a step points at is found. */
export function panelOf(name: LessonPanel): PagePanel {
  return name === "event-log" ? "events" : name;
}

export interface Panels {
  /** Hidden by the reader's address, whatever else is wanted. */
  readonly hidden: readonly PagePanel[];
  hide(names: readonly PagePanel[]): void;
  /** Whether the run has a migration: parts of the page that show one, `data-of-migration`, are left out where it has none. */
  migrates(any: boolean): void;
  /** Shows these alone, in this order; null shows all. */
  only(names: readonly PagePanel[] | null): void;
}

export function isPanel(name: string): name is PagePanel {
  return LESSON_PANELS.some((panel) => panel === name && panelOf(panel) === name);
}

/** Panels are the elements with `data-panel`. A chart inside a panel that has a name of its own counts with its panel. */
export function panelsOf(stage: HTMLElement): Panels {
  let hidden: readonly PagePanel[] = [];
  let wanted: readonly PagePanel[] | null = null;
  let anyMigration = true;
  const all = [...document.querySelectorAll<HTMLElement>("[data-panel]")];
  const nameOf = (element: HTMLElement): PagePanel => element.dataset.panel as PagePanel;
  /** Panels that hold a wanted one are shown around it. */
  const holds = (element: HTMLElement, name: PagePanel): boolean =>
    element.querySelector(`[data-panel="${name}"]`) !== null;

  function apply(): void {
    stage.dataset.few = String(wanted !== null || hidden.length > 0 || !anyMigration);
    for (const element of all) {
      const name = nameOf(element);
      const order = wanted === null ? 0 : wanted.findIndex((each) => each === name || holds(element, each));
      const inWanted = element.parentElement?.closest<HTMLElement>("[data-panel]");
      const within = inWanted !== null && inWanted !== undefined && wanted?.includes(nameOf(inWanted)) === true;
      const empty = !anyMigration && element.dataset.ofMigration !== undefined;
      element.hidden = empty || hidden.includes(name) || (order < 0 && !within && name !== "readouts");
      element.style.order = wanted === null || order < 0 ? "" : String(order + 1);
      element.dataset.looked = String(wanted !== null && order === 0);
    }
    for (const column of stage.querySelectorAll<HTMLElement>(".column")) {
      column.dataset.empty = String(
        [...column.querySelectorAll<HTMLElement>(":scope > [data-panel]")].every((each) => each.hidden),
      );
    }
  }

  return {
    get hidden() {
      return hidden;
    },
    hide(names) {
      hidden = names;
      apply();
    },
    migrates(any) {
      document.documentElement.dataset.migrates = String(any);
      if (any === anyMigration) return;
      anyMigration = any;
      apply();
    },
    only(names) {
      wanted = names === null || names.length === 0 ? null : names;
      apply();
    },
  };
}
