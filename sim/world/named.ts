/** Looks up what the scenario names; it was checked when the scenario was read: a name that is not known is a bug. */
export function named<Named extends { readonly name: string }>(
  all: readonly Named[],
  name: string,
  what: string,
): Named {
  const found = all.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`there is no ${what} ${name}`);
  return found;
}
