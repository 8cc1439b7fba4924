import { findBrowser } from "./chromium.ts";

/** Unpacks the browser before tests run side by side. That there is none is for the page's tests to say. */
export default async function unpackBrowser(): Promise<void> {
  await findBrowser().catch(() => undefined);
}
