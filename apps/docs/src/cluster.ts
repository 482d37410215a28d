import type { Emulator } from '@cdf/emulator';

/**
 * Makes `fetch` answer as if the clusters and the identity provider that examples name were there: what goes to them goes to the
 * emulator, whatever the project is called. READMEs can then say what a reader will write, and still be run.
 */
export function standInForClusters(emulator: Emulator): void {
  const original = globalThis.fetch;
  globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    const url = new URL(request.url);
    if (url.hostname === 'login.microsoftonline.com') return await tokenAnswer(emulator);
    const isCluster = url.hostname.endsWith('.cognitedata.com');
    if (!isCluster && url.origin !== emulator.url) return await original(request);
    const path = url.pathname.replace(/^(\/api\/v1\/projects\/)my-project(?=\/|$)/, `$1${emulator.project}`);
    return await original(new Request(emulator.url + path + url.search, request));
  };
}

async function tokenAnswer(emulator: Emulator): Promise<Response> {
  return Response.json({ access_token: await emulator.issueToken(), token_type: 'Bearer', expires_in: 3600 });
}
