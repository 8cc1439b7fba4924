/** Words for a name of the trace; a name that is not in the table stands for itself, be it that of an object's own methods. */
export function wordsFor(table: Readonly<Record<string, string>>, name: string): string {
  return Object.hasOwn(table, name) ? (table[name] as string) : name;
}
