const ORIGIN = 'http://localhost';
const LOGIN = 'https://login.example.com';

/**
 * Opens a story's page in a browser, served from the build's output, with made-up answers of the
 * API, and waits until the story is done.
 *
 * @param {import('playwright-core').Browser} browser
 * @param {import('./bundle.mjs').Bundle} bundled
 * @param {Record<string, object | ((body: any) => Uint8Array)>} answers by the end of the URL's
 *   path: JSON, or protobuf made from the request; any other request gets an empty list
 * @returns {Promise<import('./bundle.mjs').Script[]>} every script that the page fetched until
 * then, lazy ones included
 * @throws when the story does, or a script of the page fails
 */
export async function scriptsLoaded(browser, { page: html, scripts }, answers = {}) {
  const context = await browser.newContext();
  const loaded = new Set();
  try {
    await context.addInitScript(provideStory);
    await context.route('**/*', (route) => {
      const url = new URL(route.request().url());
      const script =
        url.origin === ORIGIN && scripts.find(({ name }) => `/${name}` === url.pathname);
      if (script) loaded.add(script);
      return route.fulfill({
        headers: { 'access-control-allow-origin': '*' },
        ...(script
          ? { contentType: 'text/javascript', body: script.text }
          : answer(route.request(), url, html, answers)),
      });
    });
    const page = await context.newPage();
    await page.goto(`${ORIGIN}/`);
    const outcome = await page.waitForSelector('#done', { state: 'attached' });
    const text = await outcome.textContent();
    if (text !== '') throw new Error(text);
  } finally {
    await context.close();
  }
  return scripts.filter((script) => loaded.has(script));
}

/**
 * Runs in the page before its scripts, outside of the measured code: the functions that a story
 * calls, and the place of its outcome.
 */
function provideStory() {
  const done = (text) =>
    document.body.append(
      Object.assign(document.createElement('output'), { id: 'done', textContent: text }),
    );
  const failed = (error) => done(String(error?.stack ?? error));
  globalThis.story = async (run) => {
    try {
      await run();
      done('');
    } catch (error) {
      failed(error);
    }
  };
  // Errors of loading a script reach the window only while they are captured.
  addEventListener(
    'error',
    ({ error, target }) => failed(error ?? `cannot load ${target.src}`),
    true,
  );
}

function answer(request, url, page, answers) {
  if (url.origin === ORIGIN)
    return url.pathname.endsWith('.js') ? { status: 404, body: '' } : html(page);
  // An identity provider that knows the person already.
  if (url.href.startsWith(`${LOGIN}/authorize`)) {
    const back = new URL(url.searchParams.get('redirect_uri'));
    back.search = new URLSearchParams({
      code: 'c',
      state: url.searchParams.get('state'),
    }).toString();
    return html(`<script>location.replace(${JSON.stringify(back.href)})</script>`);
  }
  if (url.href === `${LOGIN}/token`)
    return json({ access_token: 'a', token_type: 'bearer', expires_in: 3600 });
  const found = Object.entries(answers).find(([path]) => url.pathname.endsWith(path))?.[1];
  return typeof found === 'function'
    ? { contentType: 'application/protobuf', body: Buffer.from(found(request.postDataJSON())) }
    : json(found ?? { items: [] });
}

function html(body) {
  return { contentType: 'text/html', body };
}

function json(body) {
  return { contentType: 'application/json', body: JSON.stringify(body) };
}
