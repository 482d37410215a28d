import { loadPart } from '../../async/lazy.js';
import { InteractiveCredentials, type OAuthInteractiveOptions } from './interactive-credentials.js';

/**
 * A person signs in with a browser: authorization code with PKCE. Asked once; renewed with the refresh token from then on.
 *
 * @see https://datatracker.ietf.org/doc/html/rfc7636
 */
export class OAuthInteractive extends InteractiveCredentials {
  /** @throws {ConfigError} when something is not set, or an address is not https. */
  constructor(options: OAuthInteractiveOptions) {
    super(options, async () => (await loadPart(import('./grant.js'))).InteractiveGrant);
  }
}
