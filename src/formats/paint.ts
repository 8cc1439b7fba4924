/** Colour and emphasis, or neither: decided once for a stream, then asked of one function. */
import { styleText } from "node:util";

export type Emphasis = Parameters<typeof styleText>[0];
export type Paint = (emphasis: Emphasis, text: string) => string;

export const plainPaint: Paint = (_emphasis, text) => text;
export const colourPaint: Paint = (emphasis, text) => styleText(emphasis, text, { validateStream: false });

/** Whether a stream wants colour, after NO_COLOR, FORCE_COLOR, TERM=dumb and whether it is a terminal. */
export function wantsColour(stream: NodeJS.WriteStream): boolean {
  return styleText("bold", "x", { stream }) !== "x";
}
