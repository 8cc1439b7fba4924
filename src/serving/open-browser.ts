/** The reader's own browser. */
import { spawn } from "node:child_process";

/** Opens an address; false where no browser could be started. */
export function openBrowser(url: string): Promise<boolean> {
  const [program, args] =
    process.platform === "darwin"
      ? ["open", [url]]
      : process.platform === "win32"
        ? ["explorer.exe", [url]]
        : ["xdg-open", [url]];
  return new Promise((resolve) => {
    const child = spawn(program as string, args as string[], { stdio: "ignore", detached: true });
    child.once("error", () => resolve(false));
    child.once("spawn", () => {
      child.unref();
      resolve(true);
    });
  });
}
