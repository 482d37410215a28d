/** `Uint8Array<ArrayBuffer>` in words that compilers before 5.7 know too: there it has no parameter. */
type Bytes = ReturnType<TextEncoder['encode']>;

/** What signs, and how the identity provider finds the key to check it by. */
export interface SigningKey {
  /** PKCS #8, or a key that has been imported. */
  readonly key: CryptoKey | Bytes;
  readonly keyId: string | undefined;
  readonly thumbprint: Bytes | undefined;
  /** What to make the thumbprint of, if there is none. */
  readonly certificate: Bytes | undefined;
}
