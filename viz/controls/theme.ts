/** Light, dark, or as the system has it. */
const ORDER = ["automatic", "light", "dark"] as const;

export type Theme = (typeof ORDER)[number];

/** The switch; returns what turns it. The choice lasts as long as the page: a file on disk keeps nothing. */
export function themeSwitch(button: HTMLElement): () => void {
  let theme: Theme = "automatic";
  const apply = (): void => {
    if (theme === "automatic") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    button.textContent = `Theme: ${theme}`;
  };
  const turn = (): void => {
    theme = ORDER[(ORDER.indexOf(theme) + 1) % ORDER.length] as Theme;
    apply();
  };
  button.addEventListener("click", turn);
  apply();
  return turn;
}
