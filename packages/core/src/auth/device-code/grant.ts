import * as oauth from 'oauth4webapi';
import { openScope, sleep, untilAborted } from '../../async/scope.js';
import { AuthError, CdfError } from '../../errors.js';
import { readText } from '../../transport/body/read-text.js';
import { safeText } from '../../transport/failure/redact.js';
import { isLoopback } from '../../transport/url.js';
import type { TokenContext } from '../shared/credentials.js';
import { grantParameters } from '../shared/grant-parameters.js';
import type { ProviderAddress } from '../shared/oauth-endpoints.js';
import { OAuthServer } from '../shared/oauth-server.js';
import { refreshGrant } from '../shared/refresh-grant.js';
import { SignInError } from '../shared/sign-in-error.js';
import type { SignedIn } from '../shared/signed-in.js';
import type { UserGrants } from '../shared/user-session.js';
import type { DeviceCodePrompt, OAuthDeviceCodeOptions } from './options.js';

const GRANT = 'urn:ietf:params:oauth:grant-type:device_code';

/** The protocol of `OAuthDeviceCode`. */
export class DeviceCodeGrant implements UserGrants {
  readonly #server: OAuthServer;
  readonly #options: OAuthDeviceCodeOptions;

  constructor(address: ProviderAddress, options: OAuthDeviceCodeOptions) {
    this.#server = new OAuthServer(address, options.clientId);
    this.#options = options;
  }

  renew(refreshToken: string, context: TokenContext): Promise<SignedIn | undefined> {
    return refreshGrant(this.#server, this.#options, refreshToken, context);
  }

  async signIn(context: TokenContext): Promise<SignedIn> {
    const device = await this.#server.send(context, {
      endpoint: 'device_authorization_endpoint',
      parameters: grantParameters(this.#options),
      read: async (server, client, response) =>
        oauth.processDeviceAuthorizationResponse(server, client, await withInterval(response)),
    });
    const lifetimeMs = Math.min(device.expires_in, LONGEST_LIFETIME) * 1000;
    const lifetime = openScope(
      [],
      lifetimeMs,
      () =>
        new AuthError('signing in: the code was not entered in time', {
          status: 401,
          delivery: 'none',
        }),
    );
    const scope = openScope([context.signal, lifetime.signal]);
    try {
      await untilAborted(
        Promise.resolve(this.#options.prompt(this.#prompt(device, lifetimeMs))),
        scope.signal,
      );
      let intervalMs = (device.interval as number) * 1000;
      for (;;) {
        await sleep(intervalMs, scope.signal);
        try {
          const { device_code } = device;
          // To its end even if all callers give up: the person may have signed in, and the code can
          // be redeemed once.
          return await this.#server.grant(
            { ...context, signal: lifetime.signal },
            GRANT,
            { device_code },
            [device_code],
          );
        } catch (error) {
          const reason = error instanceof SignInError ? error.reason : undefined;
          if (reason === 'slow_down') intervalMs += 5000;
          // A network that fails for a moment must not make the person start over.
          else if (!scope.signal.aborted && isPassing(error)) intervalMs *= 2;
          else if (reason !== 'authorization_pending') throw error;
          intervalMs = Math.min(intervalMs, LONGEST_INTERVAL * 1000);
        }
      }
    } finally {
      scope.end();
      lifetime.end();
    }
  }

  /** All of it may be shown on a terminal, and the person follows it. */
  #prompt(device: oauth.DeviceAuthorizationResponse, lifetimeMs: number): DeviceCodePrompt {
    const { verification_uri: uri, verification_uri_complete: complete, user_code: code } = device;
    const verificationUri = this.#shownUrl('verification_uri', uri);
    const userCode = safeText(code, 100);
    return {
      verificationUri,
      verificationUriComplete: complete && this.#shownUrl('verification_uri_complete', complete),
      userCode,
      expiresAt: Date.now() + lifetimeMs,
      message: `To sign in, open ${verificationUri} and enter the code ${userCode}.`,
    };
  }

  #shownUrl(name: string, given: string): string {
    const url = URL.canParse(given) ? new URL(given) : undefined;
    const isSafe =
      url?.protocol === 'https:' ||
      (url?.protocol === 'http:' && isLoopback(url) && this.#server.isLocal);
    // A user in a URL is there to make another host look like the one before the @.
    if (url === undefined || !isSafe || url.username + url.password !== '')
      throw new SignInError(
        `signing in: the identity provider answered a ${name} that is not an https URL`,
        {
          status: 401,
        },
      );
    return url.href;
  }
}

/** How often the identity provider may be asked, and has to be. @unit seconds */
const LONGEST_INTERVAL = 60;
const DEFAULT_INTERVAL = 5;
/** A code lives no longer, whatever the identity provider says. @unit seconds */
const LONGEST_LIFETIME = 86_400;

/** The same answer with an interval of 1 to 60 s, whatever it had. */
async function withInterval(response: Response): Promise<Response> {
  const text = await readText(response, 65_536);
  let body = text;
  try {
    const answer = JSON.parse(text) as { readonly interval?: unknown };
    const given = Number(answer.interval ?? Number.NaN);
    const interval = Number.isNaN(given)
      ? DEFAULT_INTERVAL
      : Math.min(Math.max(given, 1), LONGEST_INTERVAL);
    body = JSON.stringify({ ...answer, interval });
  } catch {
    // No JSON: the check of the whole answer says so.
  }
  const { status, headers } = response;
  return new Response(body, { status, headers });
}

function isPassing(error: unknown): boolean {
  return (
    CdfError.isInstance(error) &&
    ['network', 'timeout', 'server', 'rate-limit'].includes(error.code)
  );
}
