/** The line for what a reader must know: a trace that was cut, a file that is none, a failed run. */
export type Notice = (text: string | null) => void;

export function noticeLine(place: HTMLElement): Notice {
  return (text) => {
    place.textContent = text ?? "";
    place.hidden = text === null;
  };
}
