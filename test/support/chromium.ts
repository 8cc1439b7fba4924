/**
 * The browser of the page tests: a real Chromium, found without asking for a download.
 *
 * In this order: the program named by PRECOPY_BROWSER; on Linux x64 the Chromium that @sparticuz/chromium carries, with
 * the system libraries it needs; a Chrome, Chromium or Edge installed on the machine. Without any, one clear error: a page
 * test is never skipped in silence.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Browser, chromium } from "playwright-core";

/**
 * The fonts that the package carries, before the machine's own if it has any. The package's configuration looks for them in
 * folders of AWS Lambda; without a font Chromium crashes on the first select element.
 */
const FONT_CONFIGURATION = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir prefix="relative">fonts</dir>
  <alias binding="same"><family>system-ui</family><prefer><family>Open Sans</family></prefer></alias>
  <alias binding="same"><family>sans-serif</family><prefer><family>Open Sans</family></prefer></alias>
  <alias binding="same"><family>sans</family><prefer><family>Open Sans</family></prefer></alias>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <cachedir prefix="relative">fonts-cache</cachedir>
</fontconfig>
`;

interface BrowserProgram {
  executablePath: string;
  args: string[];
  env: Record<string, string>;
}

/** Starts a headless browser. The caller closes it. */
export async function launchBrowser(): Promise<Browser> {
  const { executablePath, args, env } = await findBrowser();
  return chromium.launch({ executablePath, args, env: { ...definedEnvironment(), ...env }, headless: true });
}

/** The browser to use, unpacked if it has to be. Call it once before tests run side by side (globalSetup does). */
export async function findBrowser(): Promise<BrowserProgram> {
  const named = process.env.PRECOPY_BROWSER;
  if (named) {
    if (existsSync(named)) return { executablePath: named, args: ["--no-sandbox"], env: {} };
    throw new Error(`PRECOPY_BROWSER names ${named}, which does not exist`);
  }
  if (process.platform === "linux" && process.arch === "x64") return unpackedChromium();
  const executablePath = installedBrowsers().find(existsSync);
  if (executablePath) return { executablePath, args: [], env: {} };
  throw new Error(
    "The page tests need a Chromium and found none: install Chrome, Chromium or Edge, or set PRECOPY_BROWSER to the path of one.",
  );
}

/** Unpacks the Chromium from npm beside the other caches of node_modules, once for each of its versions. */
async function unpackedChromium(): Promise<BrowserProgram> {
  const entry = createRequire(import.meta.url).resolve("@sparticuz/chromium");
  const { version } = JSON.parse(readFileSync(join(dirname(entry), "..", "..", "package.json"), "utf8"));
  const caches = fileURLToPath(new URL("../../node_modules/.cache/", import.meta.url));
  // "fonts" tells this layout from one without a fonts.conf that works.
  const folder = join(caches, `chromium-${version}-fonts`);
  if (!existsSync(folder)) {
    mkdirSync(caches, { recursive: true });
    const staging = mkdtempSync(join(caches, "chromium-"));
    try {
      await unpackInto(staging);
      writeFileSync(join(staging, "fonts.conf"), FONT_CONFIGURATION);
      renameSync(staging, folder);
    } catch (error) {
      // Another process may have been first: then its copy is as good.
      if (!existsSync(folder)) throw error;
    } finally {
      rmSync(staging, { recursive: true, force: true });
    }
  }
  const libraries = [join(folder, "al2023", "lib"), process.env.LD_LIBRARY_PATH].filter(Boolean).join(delimiter);
  return {
    executablePath: join(folder, "chromium"),
    // Not the package's own list of arguments: it holds --single-process, and the second context crashes.
    args: ["--no-sandbox"],
    env: { LD_LIBRARY_PATH: libraries, FONTCONFIG_FILE: join(folder, "fonts.conf") },
  };
}

/** The package unpacks into the folder for temporary files, and its system libraries only where it sees AWS Lambda. */
async function unpackInto(folder: string): Promise<void> {
  const before = { ...process.env };
  process.env.TMPDIR = folder;
  process.env.AWS_EXECUTION_ENV = "AWS_Lambda_nodejs20.x";
  try {
    const { default: packaged } = await import("@sparticuz/chromium");
    await packaged.executablePath();
  } finally {
    for (const name of ["TMPDIR", "AWS_EXECUTION_ENV", "LD_LIBRARY_PATH", "FONTCONFIG_PATH", "HOME"]) {
      const value = before[name];
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
}

function installedBrowsers(): string[] {
  if (process.platform === "darwin") {
    return ["Google Chrome", "Chromium", "Microsoft Edge"].map(
      (name) => `/Applications/${name}.app/Contents/MacOS/${name}`,
    );
  }
  if (process.platform === "win32") {
    const bases = [process.env.PROGRAMFILES, process.env["PROGRAMFILES(X86)"], process.env.LOCALAPPDATA];
    const programs = ["Google\\Chrome\\Application\\chrome.exe", "Microsoft\\Edge\\Application\\msedge.exe"];
    return bases.flatMap((base) => (base ? programs.map((program) => join(base, program)) : []));
  }
  const names = ["google-chrome-stable", "google-chrome", "chromium", "chromium-browser", "microsoft-edge"];
  return (process.env.PATH ?? "").split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
}

function definedEnvironment(): Record<string, string> {
  return Object.fromEntries(Object.entries(process.env).flatMap(([name, value]) => (value ? [[name, value]] : [])));
}
