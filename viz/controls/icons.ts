/** The player's icons, drawn on a 24 by 24 grid. */
const PATHS = {
  play: "M8 5 L19 12 L8 19 Z",
  pause: "M7 5 H10.5 V19 H7 Z M13.5 5 H17 V19 H13.5 Z",
  restart: "M5 5 H7.5 V19 H5 Z M19 5 L9 12 L19 19 Z",
  stepBack: "M14.5 6 L7 12 L14.5 18 Z M15.5 6 H17.5 V18 H15.5 Z",
  step: "M9.5 6 L17 12 L9.5 18 Z M6.5 6 H8.5 V18 H6.5 Z",
  backRound: "M12 6 L4.5 12 L12 18 Z M20 6 L12.5 12 L20 18 Z",
  forwardRound: "M12 6 L19.5 12 L12 18 Z M4 6 L11.5 12 L4 18 Z",
} as const;

export type IconName = keyof typeof PATHS;

/** Puts an icon into a button whose name is given by aria-label. */
export function setIcon(button: HTMLElement, name: IconName): void {
  if (button.dataset.icon === name) return;
  button.dataset.icon = name;
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  button.replaceChildren(svg);
}
