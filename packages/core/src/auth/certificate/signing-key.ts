/**
 * `Uint8Array<ArrayBuffer>` in words that compilers before 5.7 know too: there it has no parameter.
 */
type Bytes = ReturnType<TextEncoder['encode']>;

/** The signer, and how the identity provider finds the key for the check. */
export interface SigningKey {
  /** PKCS #8, or a key that has been imported. */
  readonly key: CryptoKey | Bytes;
  readonly keyId: string | undefined;
  readonly thumbprint: Bytes | undefined;
  /** The certificate for the thumbprint, if the thumbprint is missing. */
  readonly certificate: Bytes | undefined;
}
