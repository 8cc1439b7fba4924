/** Light, dark, or as the system has it. */
import type { Theme } from "../model/page-link.ts";

const NEXT: Readonly<Record<Theme, Theme>> = { automatic: "light", light: "dark", dark: "automatic" };

export interface ThemeSwitch {
  readonly theme: Theme;
  set(theme: Theme): void;
  /** To the next of the three. */
  turn(): void;
}

/** The switch on `button`. The choice lives in the page's address: a file on disk keeps nothing. */
export function themeSwitch(button: HTMLElement, changed: () => void): ThemeSwitch {
  let theme: Theme = "automatic";
  const set = (wanted: Theme): void => {
    theme = wanted;
    if (theme === "automatic") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    button.textContent = `Theme: ${theme}`;
    changed();
  };
  const turn = (): void => set(NEXT[theme]);
  button.addEventListener("click", turn);
  button.textContent = `Theme: ${theme}`;
  return {
    get theme() {
      return theme;
    },
    set,
    turn,
  };
}
