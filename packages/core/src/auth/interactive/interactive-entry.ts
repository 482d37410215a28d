import { InteractiveGrant } from './grant.js';
import { InteractiveCredentials, type OAuthInteractiveOptions } from './interactive-credentials.js';

export type {
  InteractiveCredentials,
  OAuthInteractiveOptions,
  PendingSignIn,
  SignInVisit,
  SignInWindow,
} from './interactive-credentials.js';

/**
 * `OAuthInteractive` of `@cdf/core` whose protocol comes with the page instead of after it: for pages that sign people in first of all, and for
 * those that may not load anything later.
 *
 * @see https://datatracker.ietf.org/doc/html/rfc7636
 */
export class OAuthInteractive extends InteractiveCredentials {
  /** @throws {ConfigError} when something is not set, or an address is not https. */
  constructor(options: OAuthInteractiveOptions) {
    super(options, async () => InteractiveGrant);
  }
}
