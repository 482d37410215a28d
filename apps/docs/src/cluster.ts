import type { Emulator } from '@cdf/emulator';

/**
 * Makes `fetch` answer as if the clusters and the identity provider that examples name were there:
 * what goes to them goes to the emulator, whatever the project is called. READMEs can then say what
 * a reader will write, and still be run.
 */
export function standInForClusters(emulator: Emulator): void {
  const original = globalThis.fetch;
  globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    const url = new URL(request.url);
    if (url.hostname === 'login.microsoftonline.com') return await tokenAnswer(emulator);
    const isCluster = url.hostname.endsWith('.cognitedata.com');
    if (!isCluster && url.origin !== emulator.url) return await original(request);
    const path = url.pathname.replace(
      /^(\/api\/v1\/projects\/)my-project(?=\/|$)/,
      `$1${emulator.project}`,
    );
    const response = await original(new Request(emulator.url + path + url.search, request));
    return isCluster ? await withStorageOf(response, emulator.url, url.origin) : response;
  };
}

/** A cluster does not hand out links to this machine, which clients refuse. */
async function withStorageOf(response: Response, from: string, to: string): Promise<Response> {
  if (response.headers.get('content-type')?.includes('json') !== true) return response;
  const text = (await response.text()).replaceAll(`"${from}/storage/`, `"${to}/storage/`);
  const headers = new Headers(response.headers);
  for (const name of ['content-length', 'content-encoding']) headers.delete(name);
  return new Response(text, { status: response.status, headers });
}

async function tokenAnswer(emulator: Emulator): Promise<Response> {
  return Response.json({
    access_token: await emulator.issueToken(),
    token_type: 'Bearer',
    expires_in: 3600,
  });
}
