/** Which migration of the run is looked at: from a list, and by its number where there are too many for one. */
import type { MigrationSummary } from "../model/migrations.ts";
import { byId } from "./elements.ts";

/** A list of thousands would take longer to lay out than the page. */
const MOST_LISTED = 400;

export interface MigrationChoice {
  show(migrations: readonly MigrationSummary[], chosen: number): void;
}

export function migrationChoice(lookAt: (index: number) => void): MigrationChoice {
  const list = byId<HTMLSelectElement>("migration");
  const number = byId<HTMLInputElement>("migration-number");
  let all: readonly MigrationSummary[] = [];
  let first = -1;
  list.addEventListener("change", () => lookAt(Number(list.value)));
  number.addEventListener("change", () => {
    const chosen = all[Math.round(Number(number.value)) - 1];
    if (chosen !== undefined) lookAt(chosen.index);
  });
  return {
    show(migrations, chosen) {
      const place = migrations.findIndex((each) => each.index === chosen);
      const most = Math.max(0, migrations.length - MOST_LISTED);
      const from = Math.min(Math.max(0, place - MOST_LISTED / 2), most);
      if (all !== migrations || from !== first) {
        list.replaceChildren(
          ...migrations
            .slice(from, from + MOST_LISTED)
            .map((each) => new Option(`${each.vm}: ${each.from} → ${each.to}`, String(each.index))),
        );
      }
      all = migrations;
      first = from;
      list.value = String(chosen);
      number.max = String(migrations.length);
      number.value = String(place + 1);
      byId("migration-count").textContent = `of ${migrations.length}`;
      byId("migration-choice").hidden = migrations.length < 2;
      byId("migration-number-choice").hidden = migrations.length <= MOST_LISTED;
    },
  };
}
