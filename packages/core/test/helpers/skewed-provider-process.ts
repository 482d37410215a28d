import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import process from 'node:process';

const aheadMs = Number(process.argv[2]);
const RealDate = Date;
globalThis.Date = class extends RealDate {
  constructor(...parts: [] | [number | string]) {
    super(parts.length === 0 ? RealDate.now() + aheadMs : parts[0]);
  }
  static override now(): number {
    return RealDate.now() + aheadMs;
  }
} as DateConstructor;

// Only now: nothing of it may have seen the other clock.
const { startIdentityProvider } = await import('./identity-provider.js');
const { issuer, provider, requests, privateKey } = await startIdentityProvider();

const cdf = createServer(async ({ headers }, response) => {
  const token = headers.authorization?.replace('Bearer ', '') ?? '';
  const { AccessToken, ClientCredentials } = provider;
  const known = (await AccessToken.find(token)) ?? (await ClientCredentials.find(token));
  const accepted = known !== undefined && !known.isExpired;
  response.writeHead(accepted ? 200 : 401, { 'content-type': 'application/json' });
  const tokenRequests = requests.filter((request) => request === 'POST /token').length;
  response.end(JSON.stringify(accepted ? { for: known.clientId, tokenRequests } : { error: { message: 'no' } }));
});
await new Promise<void>((resolve) => cdf.listen(0, '127.0.0.1', resolve));
process.once('disconnect', () => process.exit());
process.send?.({
  issuer,
  baseUrl: `http://127.0.0.1:${(cdf.address() as AddressInfo).port}`,
  privateKey: privateKey.export({ format: 'pem', type: 'pkcs8' }),
});
