import { exportJWK, generateKeyPair, importJWK, type JWK, jwtVerify, SignJWT } from 'jose';
import type { EmulatorClock } from '../control/clock.js';
import { ApiError } from '../errors.js';
import type { Store } from '../storage/database.js';

const ALGORITHM = 'ES256';
const SETTING = 'signingKey';
const REVOKED_SETTING = 'revokedTokens';
const MAX_REVOKED = 10_000;
const GENERATION_SETTING = 'tokenGeneration';

interface Keys {
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
  readonly publicJwk: JWK;
}

/** The identity of a verified token. */
export interface Principal {
  readonly subject: string;
  readonly tokenId: string | undefined;
}

interface Verified {
  readonly principal: Principal;
  readonly generation: number;
  readonly expires: number;
}

/**
 * Signs and verifies access tokens. The key is kept in the store, so tokens outlive a restart on a
 * data folder.
 */
export class Tokens {
  readonly #store: Store;
  readonly #clock: EmulatorClock;
  readonly #verified = new Map<string, Verified>();
  readonly #revoked: Set<string>;
  /** Tokens carry the generation that they were made in; revoking all of them begins a new one. */
  #generation: number;
  #keys: Promise<Keys> | undefined;

  constructor(store: Store, clock: EmulatorClock) {
    this.#store = store;
    this.#clock = clock;
    this.#revoked = new Set(JSON.parse(store.setting(REVOKED_SETTING) ?? '[]') as string[]);
    this.#generation = Number(store.setting(GENERATION_SETTING) ?? 0);
  }

  /** Signs a token with these claims; `lifetimeSeconds` counts by the emulator's clock. */
  async sign(
    claims: Readonly<Record<string, unknown>>,
    issuer: string,
    lifetimeSeconds: number,
  ): Promise<string> {
    const { privateKey, publicJwk } = await this.#signingKeys();
    const now = Math.floor(this.#clock.now() / 1000);
    return await new SignJWT({ ...claims, generation: this.#generation })
      .setProtectedHeader({ alg: ALGORITHM, kid: publicJwk.kid ?? '', typ: 'JWT' })
      .setIssuer(issuer)
      .setIssuedAt(now)
      .setNotBefore(now)
      .setExpirationTime(now + lifetimeSeconds)
      .setJti(crypto.randomUUID())
      .sign(privateKey);
  }

  /** Verifies a token; refuses a foreign, expired or revoked one with 401. */
  async verify(token: string): Promise<Principal> {
    const now = this.#clock.now();
    let known = this.#verified.get(token);
    if (known === undefined) {
      known = await this.#check(token, now);
      if (this.#verified.size >= 1000) this.#verified.clear();
      this.#verified.set(token, known);
    }
    if (known.expires <= now) throw unauthorized('the token has expired');
    const { principal } = known;
    if (
      known.generation !== this.#generation ||
      (principal.tokenId !== undefined && this.#revoked.has(principal.tokenId))
    ) {
      throw unauthorized('the token was revoked');
    }
    return principal;
  }

  /** Signs the permission that an upload or download link carries. */
  async signLink(
    claims: Readonly<Record<string, unknown>>,
    lifetimeSeconds: number,
  ): Promise<string> {
    const { privateKey } = await this.#signingKeys();
    const now = Math.floor(this.#clock.now() / 1000);
    return await new SignJWT({ ...claims })
      .setProtectedHeader({ alg: ALGORITHM })
      .setAudience(LINK_AUDIENCE)
      .setExpirationTime(now + lifetimeSeconds)
      .sign(privateKey);
  }

  /** The claims of a link that is still valid; refuses with 403 as object stores do. */
  async verifyLink(token: string): Promise<Readonly<Record<string, unknown>>> {
    const { publicKey } = await this.#signingKeys();
    const currentDate = new Date(this.#clock.now());
    try {
      const options = {
        algorithms: [ALGORITHM],
        audience: LINK_AUDIENCE,
        requiredClaims: ['exp'],
        currentDate,
      };
      return (await jwtVerify(token, publicKey, options)).payload;
    } catch {
      throw new ApiError(403, 'The link has expired or was not made by this emulator');
    }
  }

  /** Signs a refresh token: it carries the claims of the next tokens. */
  async signRefresh(
    claims: Readonly<Record<string, unknown>>,
    lifetimeSeconds: number,
  ): Promise<string> {
    const { privateKey } = await this.#signingKeys();
    return await new SignJWT({ ...claims, generation: this.#generation })
      .setProtectedHeader({ alg: ALGORITHM })
      .setAudience(REFRESH_AUDIENCE)
      .setJti(crypto.randomUUID())
      .setExpirationTime(Math.floor(this.#clock.now() / 1000) + lifetimeSeconds)
      .sign(privateKey);
  }

  /** The claims of a refresh token, which works once. */
  async takeRefresh(token: string): Promise<Readonly<Record<string, unknown>>> {
    const { publicKey } = await this.#signingKeys();
    const options = {
      algorithms: [ALGORITHM],
      audience: REFRESH_AUDIENCE,
      currentDate: new Date(this.#clock.now()),
    };
    const { payload } = await jwtVerify(token, publicKey, options);
    if (payload.generation !== this.#generation || this.#revoked.has(payload.jti ?? ''))
      throw unauthorized('the token was revoked');
    this.#revokeId(payload.jti);
    return payload;
  }

  /** Makes one access or refresh token invalid from now on. */
  async revoke(token: string): Promise<void> {
    const { publicKey } = await this.#signingKeys();
    const options = {
      algorithms: [ALGORITHM],
      audience: [AUDIENCE, REFRESH_AUDIENCE],
      currentDate: new Date(this.#clock.now()),
    };
    this.#revokeId((await jwtVerify(token, publicKey, options)).payload.jti);
  }

  /** Makes every token that was given out so far invalid. */
  revokeAll(): void {
    this.#generation += 1;
    this.#store.saveSetting(GENERATION_SETTING, String(this.#generation));
  }

  /** The public key as a JWK set. */
  async jwks(): Promise<{ keys: JWK[] }> {
    const { publicJwk } = await this.#signingKeys();
    return { keys: [publicJwk] };
  }

  async #check(token: string, now: number): Promise<Verified> {
    const { publicKey } = await this.#signingKeys();
    try {
      const { payload } = await jwtVerify(token, publicKey, {
        algorithms: [ALGORITHM],
        audience: AUDIENCE,
        requiredClaims: ['exp', 'sub'],
        currentDate: new Date(now),
      });
      const principal = { subject: String(payload.sub), tokenId: payload.jti };
      return {
        principal,
        generation: Number(payload.generation),
        expires: Number(payload.exp) * 1000,
      };
    } catch (error) {
      const expired = (error as { code?: string }).code === 'ERR_JWT_EXPIRED';
      throw unauthorized(
        expired ? 'the token has expired' : 'the token is not one of this emulator',
      );
    }
  }

  #revokeId(id: string | undefined): void {
    if (id === undefined) return;
    this.#revoked.add(id);
    this.#store.saveSetting(
      REVOKED_SETTING,
      JSON.stringify([...this.#revoked].slice(-MAX_REVOKED)),
    );
  }

  #signingKeys(): Promise<Keys> {
    this.#keys ??= loadKeys(this.#store);
    return this.#keys;
  }
}

/** The audience of access tokens. */
export const AUDIENCE = 'cdf-emulator';
const REFRESH_AUDIENCE = 'cdf-emulator-refresh';
const LINK_AUDIENCE = 'cdf-emulator-link';

export function unauthorized(reason: string): ApiError {
  return new ApiError(401, `Unauthorized: ${reason}`, {}, { 'www-authenticate': 'Bearer' });
}

async function loadKeys(store: Store): Promise<Keys> {
  const saved = store.setting(SETTING);
  if (saved !== undefined) {
    const { privateJwk, publicJwk } = JSON.parse(saved) as { privateJwk: JWK; publicJwk: JWK };
    return {
      privateKey: (await importJWK(privateJwk, ALGORITHM)) as CryptoKey,
      publicKey: (await importJWK(publicJwk, ALGORITHM)) as CryptoKey,
      publicJwk,
    };
  }
  const { privateKey, publicKey } = await generateKeyPair(ALGORITHM, { extractable: true });
  const publicJwk: JWK = {
    ...(await exportJWK(publicKey)),
    alg: ALGORITHM,
    use: 'sig',
    kid: crypto.randomUUID(),
  };
  store.saveSetting(
    SETTING,
    JSON.stringify({ privateJwk: await exportJWK(privateKey), publicJwk }),
  );
  return { privateKey, publicKey, publicJwk };
}
