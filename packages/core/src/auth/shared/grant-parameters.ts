/** Parameters of a request for a token. */
export interface GrantOptions {
  /** For CDF with Entra ID: `['https://{cluster}.cognitedata.com/.default']`. */
  readonly scopes?: readonly string[] | undefined;
  /** Instead of scopes, where the identity provider wants it. */
  readonly audience?: string | undefined;
  /** Further parameters of the request. */
  readonly tokenParameters?: Readonly<Record<string, string>> | undefined;
}

/** The parameters in their wire form. */
export function grantParameters({
  scopes = [],
  audience,
  tokenParameters,
}: GrantOptions): Record<string, string> {
  return {
    ...(scopes.length > 0 && { scope: scopes.join(' ') }),
    ...(audience !== undefined && { audience }),
    ...tokenParameters,
  };
}
