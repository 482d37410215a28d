const ORIGIN = 'http://localhost';
const LOGIN = 'https://login.example.com';

/**
 * Runs a story in a browser against made-up answers, to its end, and says which chunks the browser asked for: lazy ones count when the
 * story needs them.
 *
 * @param {import('playwright-core').Browser} browser
 * @param {import('./bundle.mjs').Bundle} bundled its entry exports `run(element)`
 * @param {Record<string, object | ((body: any) => Uint8Array)>} answers by the end of the address: JSON, or protobuf made from the
 *   request; any other request gets an empty list
 * @returns {Promise<string[]>} the names of the chunks
 * @throws when the story does
 */
export async function chunksLoaded(browser, { entry, chunks }, answers = {}) {
  const context = await browser.newContext();
  const loaded = new Set();
  try {
    await context.route('**/*', (route) => {
      const url = new URL(route.request().url());
      const chunk = url.origin === ORIGIN && chunks.find(({ name }) => `/${name}` === url.pathname);
      if (chunk) loaded.add(chunk.name);
      return route.fulfill({
        headers: { 'access-control-allow-origin': '*' },
        ...(chunk
          ? { contentType: 'text/javascript', body: chunk.text }
          : answer(route.request(), url, entry, answers)),
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
  return [...loaded];
}

function answer(request, url, entry, answers) {
  if (url.origin === ORIGIN) return html(storyPage(entry));
  // An identity provider that knows the person already.
  if (url.href.startsWith(`${LOGIN}/authorize`)) {
    const back = new URL(url.searchParams.get('redirect_uri'));
    back.search = new URLSearchParams({ code: 'c', state: url.searchParams.get('state') }).toString();
    return html(`<script>location.replace(${JSON.stringify(back.href)})</script>`);
  }
  if (url.href === `${LOGIN}/token`) return json({ access_token: 'a', token_type: 'bearer', expires_in: 3600 });
  const found = Object.entries(answers).find(([path]) => url.pathname.endsWith(path))?.[1];
  return typeof found === 'function'
    ? { contentType: 'application/protobuf', body: Buffer.from(found(request.postDataJSON())) }
    : json(found ?? { items: [] });
}

function storyPage(entry) {
  return `<!doctype html><title>story</title><body><div></div><script type="module">
const done = (text) => document.body.append(Object.assign(document.createElement('output'), { id: 'done', textContent: text }));
try {
  const { run } = await import('/${entry}');
  await run(document.querySelector('div'));
  done('');
} catch (error) {
  done(String(error?.stack ?? error));
}
</script>`;
}

function html(body) {
  return { contentType: 'text/html', body };
}

function json(body) {
  return { contentType: 'application/json', body: JSON.stringify(body) };
}
