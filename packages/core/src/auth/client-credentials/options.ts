import type { GrantOptions } from '../shared/grant-parameters.js';
import type { OAuthServerOptions } from '../shared/oauth-endpoints.js';

/** The identity provider, the client, and its secret. */
export type OAuthClientCredentialsOptions = OAuthServerOptions &
  GrantOptions & {
    readonly clientId: string;
    readonly clientSecret: string;
    /**
     * Where the secret goes: in the body, or in an `Authorization: Basic` header.
     * @default 'client_secret_post'
     */
    readonly clientAuthentication?: 'client_secret_post' | 'client_secret_basic' | undefined;
  };
