/** Keeps the address in step with the page, so that it can be copied at any moment. */
import { type PageLink, writePageLink } from "../model/page-link.ts";

/** Addresses are written when nothing has changed for so long: a drag is one change. */
const QUIET_MILLIS = 250;

/** Returns what to call on every change; `read` gives the state to write, or null while there is nothing worth a link. */
export function keepAddress(read: () => PageLink | null): () => void {
  let timer = 0;
  const write = (): void => {
    const link = read();
    if (link === null) return;
    const hash = writePageLink(link);
    if (hash !== location.hash) history.replaceState(null, "", hash);
  };
  // A link that is pasted over the page's own is opened as a link is: from the start.
  addEventListener("hashchange", () => {
    if (location.hash.startsWith("#v=")) location.reload();
    // The skip link's: the page's own comes back.
    else changed();
  });
  function changed(): void {
    clearTimeout(timer);
    timer = window.setTimeout(write, QUIET_MILLIS);
  }
  return changed;
}
