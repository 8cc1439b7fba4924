/** Text broken into lines that every terminal has room for. */

/** Text width that every terminal has. */
export const WIDTH = 80;

/** Breaks between words, but not behind a digit: a number stays with its unit. Colours take no room. */
export function wrap(text: string, firstIndent = "", indent = firstIndent, width = WIDTH): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/(?<!\d) /)) {
    if (line === "") line = firstIndent + word;
    else if (visibleLength(`${line} ${word}`) <= width) line += ` ${word}`;
    else {
      lines.push(line);
      line = indent + word;
    }
  }
  lines.push(line);
  return lines;
}

function visibleLength(text: string): number {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours start with the escape character.
  return [...text.replace(/\u001b\[\d+m/g, "")].length;
}
