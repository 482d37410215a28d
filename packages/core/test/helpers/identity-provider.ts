import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider, { type Configuration } from 'oidc-provider';

export interface IdentityProvider extends AsyncDisposable {
  readonly issuer: string;
  readonly provider: Provider;
  /** `POST /token` and so on, in the order they came. */
  readonly requests: string[];
  /** The private key of the client `certificate`. */
  readonly privateKey: KeyObject;
  readonly settings: { accessTokenSeconds: number };
}

/** A real OpenID provider on loopback, with a client for each way of signing in. */
export async function startIdentityProvider(
  webOrigin = 'http://localhost',
): Promise<IdentityProvider> {
  const requests: string[] = [];
  const settings = { accessTokenSeconds: 3600 };
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const signing = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({
    format: 'jwk',
  });
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://localhost:${(server.address() as AddressInfo).port}`;
  const person = ['authorization_code', 'refresh_token'];
  const configuration: Configuration = {
    clients: [
      {
        client_id: 'service',
        client_secret: 'a-very-secret-secret',
        grant_types: ['client_credentials'],
        redirect_uris: [],
        response_types: [],
        token_endpoint_auth_method: 'client_secret_post',
      },
      {
        client_id: 'service-basic',
        client_secret: 'with:odd %chars+',
        grant_types: ['client_credentials'],
        redirect_uris: [],
        response_types: [],
        token_endpoint_auth_method: 'client_secret_basic',
      },
      {
        client_id: 'certificate',
        grant_types: ['client_credentials'],
        redirect_uris: [],
        response_types: [],
        token_endpoint_auth_method: 'private_key_jwt',
        jwks: {
          keys: [{ ...publicKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256' } as never],
        },
      },
      {
        client_id: 'device',
        grant_types: ['urn:ietf:params:oauth:grant-type:device_code', 'refresh_token'],
        redirect_uris: [],
        response_types: [],
        token_endpoint_auth_method: 'none',
        application_type: 'native',
      },
      {
        client_id: 'desktop',
        grant_types: person,
        redirect_uris: ['http://localhost', 'http://127.0.0.1/back'],
        token_endpoint_auth_method: 'none',
        application_type: 'native',
      },
      {
        client_id: 'web',
        grant_types: person,
        redirect_uris: [`${webOrigin}/`, `${webOrigin}/done`],
        token_endpoint_auth_method: 'none',
        application_type: 'native',
      },
    ],
    jwks: { keys: [{ ...signing, use: 'sig', alg: 'RS256' } as never] },
    cookies: { keys: ['only for tests'] },
    scopes: ['openid', 'offline_access', 'cdf'],
    features: {
      clientCredentials: { enabled: true },
      deviceFlow: { enabled: true },
      devInteractions: { enabled: true },
      revocation: { enabled: true },
    },
    clientBasedCORS: (_, origin) => origin === webOrigin,
    issueRefreshToken: () => true,
    ttl: {
      AccessToken: () => settings.accessTokenSeconds,
      ClientCredentials: () => settings.accessTokenSeconds,
      DeviceCode: 60,
      Grant: 3600,
      IdToken: 3600,
      Interaction: 3600,
      RefreshToken: 3600,
      Session: 3600,
    },
  };
  const provider = new Provider(issuer, configuration);
  provider.use(async (context, next) => {
    await next();
    // Without it a program asks every five seconds whether the person has entered the code.
    if (context.oidc?.route === 'device_authorization')
      Object.assign(context.body as object, { interval: 0.01 });
  });
  const handle = provider.callback();
  server.on('request', (request, response) => {
    requests.push(`${request.method} ${request.url?.split('?')[0]}`);
    // Node would tell the time by itself, past a clock that a test has moved.
    response.setHeader('date', new Date().toUTCString());
    void handle(request, response);
  });
  return {
    issuer,
    provider,
    requests,
    privateKey,
    settings,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/**
 * Signs in like a person, without a browser: follows redirects with cookies, and fills in each form
 * until the URL leaves the provider. Gives that URL, or the last page.
 */
export async function signInLikeAPerson(
  start: URL,
  issuer: string,
  userCode?: string,
): Promise<{ address: URL; page: string }> {
  const cookies = new Map<string, string>();
  let address = start;
  let form: URLSearchParams | undefined;
  for (let step = 0; step < 20; step++) {
    if (address.origin !== issuer) return { address, page: '' };
    const response = await fetch(address, {
      redirect: 'manual',
      method: form === undefined ? 'GET' : 'POST',
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(form !== undefined && { body: form }),
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      if (name !== undefined) value === '' ? cookies.delete(name) : cookies.set(name, value ?? '');
    }
    form = undefined;
    const page = await response.text();
    const location = response.headers.get('location');
    if (location !== null) {
      address = new URL(location, address);
      continue;
    }
    const action = /<form[^>]*action="([^"]+)"/.exec(page)?.[1];
    if (action === undefined) return { address, page };
    form = new URLSearchParams();
    for (const [input] of page.matchAll(/<input[^>]*>/g)) {
      const name = /name="([^"]+)"/.exec(input)?.[1];
      if (name !== undefined) form.set(name, /value="([^"]*)"/.exec(input)?.[1] ?? '');
    }
    if (form.has('login')) form.set('login', 'ada');
    if (form.has('password')) form.set('password', 'any');
    if (page.includes('user_code') && userCode !== undefined) form.set('user_code', userCode);
    address = new URL(action, address);
  }
  throw new Error('this never ends');
}
