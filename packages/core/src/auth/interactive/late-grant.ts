import { loadPart, once } from '../../async/lazy.js';
import type { TokenContext } from '../shared/credentials.js';
import type { ProviderAddress } from '../shared/oauth-endpoints.js';
import type { SignedIn } from '../shared/signed-in.js';
import type { InteractiveGrant as Protocol } from './grant.js';
import type { OAuthInteractiveOptions, PendingSignIn } from './options.js';

/**
 * The protocol of `OAuthInteractive` in Node, loaded with the first sign-in: every program imports
 * this class there, and few of them sign a person in.
 */
export class InteractiveGrant {
  readonly #protocol: () => Promise<Protocol>;

  constructor(address: ProviderAddress, options: OAuthInteractiveOptions) {
    this.#protocol = once(async () => {
      const part = await loadPart(import('./grant.js'));
      return new part.InteractiveGrant(address, options);
    });
  }

  async renew(refreshToken: string, context: TokenContext): Promise<SignedIn | undefined> {
    return (await this.#protocol()).renew(refreshToken, context);
  }

  async begin(
    redirectUri: string,
    owner: string,
    context: TokenContext,
  ): Promise<{ url: URL; pending: PendingSignIn }> {
    return (await this.#protocol()).begin(redirectUri, owner, context);
  }

  async redeem(callback: URL, pending: PendingSignIn, context: TokenContext): Promise<SignedIn> {
    return (await this.#protocol()).redeem(callback, pending, context);
  }
}
