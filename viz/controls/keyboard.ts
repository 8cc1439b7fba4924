/** Keys for everything, and their list for the help dialog. Off while typing, and where an element has the key itself. */
import type { Commands } from "./commands.ts";

interface Binding {
  keys: readonly string[];
  /** As the help writes them. */
  shown: readonly string[];
  does: string;
  run: () => void;
}

export interface KeyCommands extends Commands {
  openHelp(): void;
  zoomIn(): void;
  zoomOut(): void;
  panLeft(): void;
  panRight(): void;
  fit(): void;
  toMigration(): void;
  toBlackout(): void;
  openLessons(): void;
  switchTheme(): void;
}

export function keyBindings(commands: KeyCommands): Binding[] {
  return [
    { keys: [" ", "k", "."], shown: ["Space", "K", "."], does: "play or pause", run: commands.togglePlay },
    { keys: ["ArrowRight"], shown: ["→"], does: "forward one event", run: commands.nextEvent },
    { keys: ["ArrowLeft"], shown: ["←"], does: "back one event", run: commands.previousEvent },
    {
      keys: ["PageDown", "Shift+ArrowRight", "]"],
      shown: ["Page Down", "Shift →", "]"],
      does: "forward one round or part of the blackout; in a lesson, to its next step",
      run: commands.nextRound,
    },
    {
      keys: ["PageUp", "Shift+ArrowLeft", "["],
      shown: ["Page Up", "Shift ←", "["],
      does: "back one round or part of the blackout; in a lesson, one step",
      run: commands.previousRound,
    },
    { keys: ["Home", "r"], shown: ["Home", "R"], does: "restart", run: commands.restart },
    { keys: ["End"], shown: ["End"], does: "to the end", run: commands.toEnd },
    { keys: ["+", "="], shown: ["+"], does: "faster", run: commands.faster },
    { keys: ["-"], shown: ["−"], does: "slower", run: commands.slower },
    { keys: ["w"], shown: ["W"], does: "the charts show less of the run, closer", run: commands.zoomIn },
    { keys: ["s"], shown: ["S"], does: "the charts show more of it", run: commands.zoomOut },
    { keys: ["a"], shown: ["A"], does: "the charts show what was before", run: commands.panLeft },
    { keys: ["d"], shown: ["D"], does: "the charts show what comes after", run: commands.panRight },
    { keys: ["e"], shown: ["E"], does: "the charts show the blackout", run: commands.toBlackout },
    { keys: ["m"], shown: ["M"], does: "the charts show the migration", run: commands.toMigration },
    { keys: ["0", "f"], shown: ["0", "F"], does: "the charts show the whole run", run: commands.fit },
    { keys: ["t"], shown: ["T"], does: "switch between light, dark and automatic", run: commands.switchTheme },
    { keys: ["l"], shown: ["L"], does: "lessons and scenarios", run: commands.openLessons },
    { keys: ["?"], shown: ["?"], does: "this list", run: commands.openHelp },
  ];
}

/** Whether the focused element needs the key more than the page does. */
function belongsToElement(event: KeyboardEvent): boolean {
  const target = event.target;
  if (!(target instanceof Element)) return false;
  if (target.closest("dialog[open]") !== null) return true;
  if (target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  if (target instanceof HTMLInputElement) {
    // On the scrubber the keys step to where something happened, which its own steps would miss.
    if (target.id === "scrubber") return false;
    if (target.type === "range") return /^(Arrow|Home|End|Page)/.test(event.key);
    return target.type === "checkbox" ? event.key === " " : true;
  }
  if (event.key === " ") return target.closest("button, summary, a") !== null;
  return (target as HTMLElement).isContentEditable;
}

export function listenToKeys(bindings: readonly Binding[]): void {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented || belongsToElement(event)) return;
    const shifted = event.shiftKey && event.key.startsWith("Arrow") ? `Shift+${event.key}` : event.key;
    const key = shifted.length === 1 ? shifted.toLowerCase() : shifted;
    const binding = bindings.find((candidate) => candidate.keys.includes(key));
    if (binding === undefined) return;
    event.preventDefault();
    binding.run();
  });
}

export function fillHelp(list: HTMLElement, bindings: readonly Binding[]): void {
  list.replaceChildren(
    ...bindings.map((binding) => {
      const row = document.createElement("div");
      const keys = document.createElement("dt");
      for (const shown of binding.shown) {
        const key = document.createElement("kbd");
        key.textContent = shown;
        keys.append(key, " ");
      }
      const does = document.createElement("dd");
      does.textContent = binding.does;
      row.append(keys, does);
      return row;
    }),
  );
}
