import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from './launch.mjs';

/** A page of a site in Chromium; disposing ends the browser and the site. */
export interface SitePage extends AsyncDisposable {
  readonly origin: string;
  readonly browser: Browser;
  readonly page: Page;
}

export interface Site {
  /** The answer of every path that is neither a script nor answered otherwise. */
  readonly html: string;
  /** Scripts by their paths; they may be added while the site runs. */
  readonly scripts?: ReadonlyMap<string, string>;
  /** Answers a request and gives `true`, or leaves it alone. */
  readonly answer?: (
    request: IncomingMessage,
    response: ServerResponse,
  ) => boolean | Promise<boolean>;
}

/**
 * Starts a site on loopback and a browser with one page, which has loaded nothing yet. Where it
 * fails, nothing is left running.
 */
export async function page(
  { html, scripts, answer }: Site,
  launch: () => Promise<Browser> = launchChromium,
): Promise<SitePage> {
  const server = createServer(async (request, response) => {
    try {
      if (await answer?.(request, response)) return;
    } catch (error) {
      // A request without an answer would keep the page, and the test, waiting.
      if (!response.headersSent) response.writeHead(500, { 'content-type': 'text/plain' });
      response.end(String(error));
      return;
    }
    const script = scripts?.get(request.url ?? '');
    response.writeHead(200, {
      'content-type': script === undefined ? 'text/html' : 'text/javascript',
    });
    response.end(script ?? html);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    server.close();
  };
  let browser: Browser | undefined;
  try {
    browser = await launch();
    const opened = browser;
    return {
      origin: `http://localhost:${(server.address() as AddressInfo).port}`,
      browser,
      page: await browser.newPage(),
      async [Symbol.asyncDispose]() {
        try {
          await opened.close();
        } finally {
          await close();
        }
      },
    };
  } catch (error) {
    await browser?.close().catch(() => {});
    await close();
    throw error;
  }
}
