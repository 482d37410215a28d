import { createHash, randomBytes, randomInt } from 'node:crypto';
import type { EmulatorClock } from '../control/clock.js';
import type { Call } from '../http/route.js';
import {
  clientOf,
  type Grant,
  issuerOf,
  OauthError,
  type OauthSettings,
  sameText,
} from './oauth.js';
import { AUDIENCE, type Tokens } from './tokens.js';

const CODE_LIFETIME = 60_000;
const DEVICE_LIFETIME = 15 * 60_000;
const DEVICE_INTERVAL_SECONDS = 5;
const REFRESH_LIFETIME_SECONDS = 30 * 24 * 3600;
/** Letters that are not mistaken for others. */
const USER_CODE_LETTERS = 'BCDFGHJKLMNPQRSTVWXZ';
const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';

/** The grant that a person confirms at the sign-in page. */
export interface AuthorizationRequest {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly challenge: string;
  readonly scope: string;
  readonly state: string | undefined;
  readonly nonce: string | undefined;
}

interface Code extends AuthorizationRequest {
  readonly subject: string;
  readonly expires: number;
}

interface Device {
  readonly clientId: string;
  readonly scope: string;
  readonly userCode: string;
  readonly expires: number;
  outcome: { readonly subject: string } | 'refused' | undefined;
}

/**
 * The grants that a person takes part in, and the renewal of their tokens. Codes live in memory and
 * are brief.
 */
export class PersonalGrants {
  readonly #settings: OauthSettings;
  readonly #tokens: Tokens;
  readonly #clock: EmulatorClock;
  readonly #codes = new Map<string, Code>();
  readonly #devices = new Map<string, Device>();

  constructor(settings: OauthSettings, tokens: Tokens, clock: EmulatorClock) {
    this.#settings = settings;
    this.#tokens = tokens;
    this.#clock = clock;
  }

  /** The handlers for the token endpoint. */
  grants(): Readonly<Record<string, Grant>> {
    return {
      authorization_code: async (form, call) => await this.#exchangeCode(form, call),
      refresh_token: async (form, call) => await this.#refresh(form, call),
      [DEVICE_GRANT]: async (form, call) => await this.#exchangeDevice(form, call),
    };
  }

  /** A code for the sign-in that this person agreed to. */
  issueCode(request: AuthorizationRequest, subject: string): string {
    this.#forgetExpired();
    const code = randomBytes(32).toString('base64url');
    this.#codes.set(code, { ...request, subject, expires: this.#clock.now() + CODE_LIFETIME });
    return code;
  }

  /** Begins a sign-in on another device. */
  beginDevice(clientId: string | undefined, scope: string, issuer: string): object {
    if (clientId !== this.#settings.clientId)
      throw new OauthError('invalid_client', 'The client id is wrong', 401);
    this.#forgetExpired();
    const deviceCode = randomBytes(32).toString('base64url');
    const letters = Array.from(
      { length: 8 },
      () => USER_CODE_LETTERS[randomInt(USER_CODE_LETTERS.length)],
    ).join('');
    const userCode = `${letters.slice(0, 4)}-${letters.slice(4)}`;
    this.#devices.set(deviceCode, {
      clientId,
      scope,
      userCode,
      expires: this.#clock.now() + DEVICE_LIFETIME,
      outcome: undefined,
    });
    return {
      device_code: deviceCode,
      user_code: userCode,
      verification_uri: `${issuer}/activate`,
      verification_uri_complete: `${issuer}/activate?user_code=${userCode}`,
      expires_in: DEVICE_LIFETIME / 1000,
      interval: DEVICE_INTERVAL_SECONDS,
    };
  }

  /** Ends a sign-in on another device; false when the code is unknown. */
  decideDevice(userCode: string, outcome: { readonly subject: string } | 'refused'): boolean {
    const wanted = userCode.trim().toUpperCase();
    const device = [...this.#devices.values()].find((each) => each.userCode === wanted);
    if (device === undefined || device.expires <= this.#clock.now() || device.outcome !== undefined)
      return false;
    device.outcome = outcome;
    return true;
  }

  async #exchangeCode(form: URLSearchParams, call: Call): Promise<object> {
    const given = form.get('code') ?? '';
    const code = this.#codes.get(given);
    // A code works once, whatever comes of it.
    this.#codes.delete(given);
    if (code === undefined || code.expires <= this.#clock.now())
      throw new OauthError('invalid_grant', 'The code is unknown or has expired');
    this.#checkClient(form, call, code.clientId);
    if (form.get('redirect_uri') !== code.redirectUri)
      throw new OauthError('invalid_grant', 'redirect_uri is not the one of the request');
    const verifier = form.get('code_verifier') ?? '';
    const challenge = createHash('sha256').update(verifier).digest('base64url');
    if (!sameText(challenge, code.challenge))
      throw new OauthError('invalid_grant', 'code_verifier does not fit the code_challenge');
    return await this.#answer(code.subject, code.clientId, code.scope, issuerOf(call), code.nonce);
  }

  async #exchangeDevice(form: URLSearchParams, call: Call): Promise<object> {
    const given = form.get('device_code') ?? '';
    const device = this.#devices.get(given);
    if (device === undefined) throw new OauthError('invalid_grant', 'The device code is unknown');
    this.#checkClient(form, call, device.clientId);
    if (device.expires <= this.#clock.now())
      throw new OauthError('expired_token', 'The device code has expired');
    if (device.outcome === undefined)
      throw new OauthError('authorization_pending', 'The user has not signed in yet');
    this.#devices.delete(given);
    if (device.outcome === 'refused')
      throw new OauthError('access_denied', 'The sign-in was refused');
    return await this.#answer(
      device.outcome.subject,
      device.clientId,
      device.scope,
      issuerOf(call),
      undefined,
    );
  }

  async #refresh(form: URLSearchParams, call: Call): Promise<object> {
    const token = form.get('refresh_token') ?? '';
    const claims = await this.#tokens.takeRefresh(token).catch(() => {
      throw new OauthError(
        'invalid_grant',
        'The refresh token is unknown, used, revoked or has expired',
      );
    });
    this.#checkClient(form, call, String(claims.clientId));
    return await this.#answer(
      String(claims.subject),
      String(claims.clientId),
      String(claims.scope),
      issuerOf(call),
      undefined,
    );
  }

  /** Public clients give their id only; a secret that is given must be right. */
  #checkClient(form: URLSearchParams, call: Call, expected: string): void {
    const { id, secret } = clientOf(form, call);
    const wrongSecret =
      secret !== undefined && secret !== '' && !sameText(secret, this.#settings.clientSecret);
    if (id !== expected || wrongSecret)
      throw new OauthError('invalid_client', 'The client id or the client secret is wrong', 401);
  }

  async #answer(
    subject: string,
    clientId: string,
    scope: string,
    issuer: string,
    nonce: string | undefined,
  ): Promise<object> {
    const { tokenLifetimeSeconds } = this.#settings;
    const scopes = scope.split(' ');
    const access = await this.#tokens.sign(
      { sub: subject, aud: AUDIENCE, client_id: clientId, scope },
      issuer,
      tokenLifetimeSeconds,
    );
    const idClaims = {
      sub: subject,
      aud: clientId,
      preferred_username: subject,
      ...(nonce === undefined ? {} : { nonce }),
    };
    const identity = scopes.includes('openid')
      ? { id_token: await this.#tokens.sign(idClaims, issuer, tokenLifetimeSeconds) }
      : {};
    const refresh = scopes.includes('offline_access')
      ? {
          refresh_token: await this.#tokens.signRefresh(
            { subject, clientId, scope },
            REFRESH_LIFETIME_SECONDS,
          ),
        }
      : {};
    return {
      access_token: access,
      token_type: 'Bearer',
      expires_in: tokenLifetimeSeconds,
      scope,
      ...identity,
      ...refresh,
    };
  }

  #forgetExpired(): void {
    const now = this.#clock.now();
    for (const [code, { expires }] of this.#codes) if (expires <= now) this.#codes.delete(code);
    for (const [code, { expires }] of this.#devices) if (expires <= now) this.#devices.delete(code);
  }
}
