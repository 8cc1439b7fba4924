/** Serves the page to this machine alone, and to nothing that another site's page could make of it. */
import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { GrowingTrace } from "./growing-trace.ts";

export interface ServedPage {
  /** The whole document. */
  html: string;
  /** Asked for by the page; null where it needs none. */
  trace: GrowingTrace | null;
}

export interface PageServer {
  url: string;
  close(): Promise<void>;
}

/** Where the page asks for a trace. */
export const TRACE_PATH = "/trace";

const LOOPBACK = "127.0.0.1";

/**
 * A policy under which the document's own scripts and style sheets run and nothing else does. Worker code comes from a blob
 * that those scripts make.
 */
export function contentSecurityPolicy(html: string): string {
  const hashes = (tag: RegExp): string =>
    [...html.matchAll(tag)]
      .map(([, attributes = "", content = ""]) => ({ attributes, content }))
      // Data is not run, and so not asked about.
      .filter(({ attributes }) => !/type=["']?application\/json/.test(attributes))
      .map(({ content }) => `'sha256-${createHash("sha256").update(content).digest("base64")}'`)
      .join(" ");
  return [
    "default-src 'none'",
    `script-src ${hashes(/<script\b([^>]*)>([\s\S]*?)<\/script>/g) || "'none'"}`,
    `style-src ${hashes(/<style\b([^>]*)>([\s\S]*?)<\/style>/g) || "'none'"}`,
    "worker-src blob:",
    "img-src data: blob:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}

/** Listens on a free port of the loopback interface. */
export async function servePage(page: ServedPage): Promise<PageServer> {
  const stopped = new AbortController();
  const server = createServer((request, response) => {
    void answer(request, response, page, server, stopped.signal).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, LOOPBACK, resolve);
  });
  return {
    url: `http://${LOOPBACK}:${portOf(server)}/`,
    close() {
      stopped.abort();
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  page: ServedPage,
  server: Server,
  stopping: AbortSignal,
): Promise<void> {
  const headers = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": contentSecurityPolicy(page.html),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
  };
  const refuse = (status: number, sentence: string): void => {
    response.writeHead(status, { ...headers, "Content-Type": "text/plain; charset=utf-8" }).end(`${sentence}\n`);
  };
  // A name that somebody else's server resolves to this machine must not open the page to that server's scripts.
  const port = portOf(server);
  if (request.headers.host !== `${LOOPBACK}:${port}` && request.headers.host !== `localhost:${port}`) {
    return refuse(421, "This server answers for 127.0.0.1 alone.");
  }
  if (request.method !== "GET" && request.method !== "HEAD") {
    response.setHeader("Allow", "GET, HEAD");
    return refuse(405, "Only GET and HEAD are answered.");
  }
  const [path, query = ""] = (request.url ?? "/").split("?", 2);
  if (path === "/") {
    response.writeHead(200, { ...headers, "Content-Type": "text/html; charset=utf-8" });
    response.end(request.method === "HEAD" ? undefined : page.html);
    return;
  }
  const asked = new URLSearchParams(query);
  const offset = Number(asked.get("from") ?? "0");
  if (path !== TRACE_PATH || page.trace === null) return refuse(404, "There is nothing here.");
  if (!Number.isSafeInteger(offset) || offset < 0) return refuse(400, "from is a whole number of bytes.");
  const { bytes, identity, restarted, ended } = await page.trace.from(offset, asked.get("of") ?? "", stopping);
  response.writeHead(200, {
    ...headers,
    "Content-Type": "application/jsonl",
    "X-Precopy-Ended": String(ended),
    "X-Precopy-Of": identity,
    "X-Precopy-Restarted": String(restarted),
  });
  response.end(request.method === "HEAD" ? undefined : bytes);
}
