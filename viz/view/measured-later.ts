/**
 * What has to be measured after drawing. A measure taken between two changes makes the browser lay the page out for it
 * alone; those that can wait are taken together, before the next frame is shown.
 */

/** Measures, and returns what is to be changed by it. */
type Measure = () => () => void;

const waiting = new Set<Measure>();

function measureAll(): void {
  const measures = [...waiting];
  waiting.clear();
  const changes = measures.map((measure) => measure());
  for (const change of changes) change();
}

/** Measures before the next frame is shown; once, however often it is asked for until then. */
export function measureLater(measure: Measure): void {
  if (waiting.size === 0) requestAnimationFrame(measureAll);
  waiting.add(measure);
}
