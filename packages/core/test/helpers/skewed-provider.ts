import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clocks } from './clocks.js';
import { startIdentityProvider } from './identity-provider.js';

export interface SkewedProvider extends AsyncDisposable {
  readonly aheadMs: number;
  readonly issuer: string;
  /**
   * A CDF that accepts what this provider has issued and has not ended, by the same clock. Tells
   * how often a token was requested.
   */
  readonly baseUrl: string;
  /** PEM. */
  readonly privateKey: string;
}

/** An identity provider, and a CDF, whose clock is that much ahead of ours. */
export function startSkewedProvider(clocks: Clocks, aheadMs: number): Promise<SkewedProvider> {
  return clocks.run(aheadMs, async () => {
    const identity = await startIdentityProvider();
    const { issuer, provider, requests, privateKey } = identity;
    const cdf = createServer(async ({ headers }, response) => {
      const token = headers.authorization?.replace('Bearer ', '') ?? '';
      const { AccessToken, ClientCredentials } = provider;
      const known = (await AccessToken.find(token)) ?? (await ClientCredentials.find(token));
      const accepted = known !== undefined && !known.isExpired;
      response.writeHead(accepted ? 200 : 401, { 'content-type': 'application/json' });
      const tokenRequests = requests.filter((request) => request === 'POST /token').length;
      response.end(
        JSON.stringify(
          accepted ? { for: known.clientId, tokenRequests } : { error: { message: 'no' } },
        ),
      );
    });
    await new Promise<void>((resolve) => cdf.listen(0, '127.0.0.1', resolve));
    return {
      aheadMs,
      issuer,
      baseUrl: `http://127.0.0.1:${(cdf.address() as AddressInfo).port}`,
      privateKey: privateKey.export({ format: 'pem', type: 'pkcs8' }) as string,
      async [Symbol.asyncDispose]() {
        cdf.closeAllConnections();
        await new Promise((resolve) => cdf.close(resolve));
        await identity[Symbol.asyncDispose]();
      },
    };
  });
}
