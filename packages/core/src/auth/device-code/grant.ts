import * as oauth from 'oauth4webapi';
import { sleep } from '../../async/scope.js';
import { AuthError, CdfError } from '../../errors.js';
import type { TokenContext } from '../shared/credentials.js';
import { grantParameters } from '../shared/grant-parameters.js';
import type { ProviderAddress } from '../shared/oauth-endpoints.js';
import { OAuthServer } from '../shared/oauth-server.js';
import { refreshGrant } from '../shared/refresh-grant.js';
import type { SignedIn } from '../shared/signed-in.js';
import { exchangeToken, SignInError } from '../shared/token-endpoint.js';
import type { UserGrants } from '../shared/user-session.js';
import type { OAuthDeviceCodeOptions } from './options.js';

/** The protocol of `OAuthDeviceCode`. */
export class DeviceCodeGrant implements UserGrants {
  readonly #server: OAuthServer;
  readonly #options: OAuthDeviceCodeOptions;

  constructor(address: ProviderAddress, options: OAuthDeviceCodeOptions) {
    this.#server = new OAuthServer(address);
    this.#options = options;
  }

  renew(refreshToken: string, context: TokenContext): Promise<SignedIn | undefined> {
    return refreshGrant(this.#server, this.#options, refreshToken, context);
  }

  async signIn(context: TokenContext): Promise<SignedIn> {
    const server = await this.#server.metadata(context);
    const client = this.#server.client(this.#options.clientId);
    const parameters = grantParameters(this.#options);
    const device = await exchangeToken({
      url: await this.#server.endpoint('device_authorization_endpoint', context),
      context,
      secrets: [],
      request: (http) => oauth.deviceAuthorizationRequest(server, client, oauth.None(), parameters, http),
      process: (response) => oauth.processDeviceAuthorizationResponse(server, client, response),
    });
    const expiresAt = Date.now() + device.expires_in * 1000;
    await this.#options.prompt({
      verificationUri: device.verification_uri,
      verificationUriComplete: device.verification_uri_complete,
      userCode: device.user_code,
      expiresAt,
      message: `To sign in, open ${device.verification_uri} and enter the code ${device.user_code}.`,
    });
    let intervalMs = (device.interval ?? 5) * 1000;
    while (Date.now() < expiresAt) {
      await sleep(intervalMs, context.signal);
      try {
        return await this.#server.grant(context, [device.device_code], client, (_, http) =>
          oauth.deviceCodeGrantRequest(server, client, oauth.None(), device.device_code, http),
        );
      } catch (error) {
        const reason = error instanceof SignInError ? error.reason : undefined;
        if (reason === 'slow_down') intervalMs += 5000;
        // A network that fails for a moment must not make the person start over.
        else if (isPassing(error)) intervalMs *= 2;
        else if (reason !== 'authorization_pending') throw error;
      }
    }
    throw new AuthError('signing in: the code was not entered in time', { status: 401, delivery: 'none' });
  }
}

function isPassing(error: unknown): boolean {
  return CdfError.isInstance(error) && ['network', 'timeout', 'server', 'rate-limit'].includes(error.code);
}
