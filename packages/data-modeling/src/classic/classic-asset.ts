/**
 * An asset of the classic API, as far as it has a place in a node. `client.assets.list()` gives
 * them. Where JSON of other programs has `null`, the member is as if absent.
 */
export interface ClassicAsset {
  readonly id: number;
  readonly externalId?: string | undefined;
  readonly name: string;
  readonly description?: string | undefined;
  readonly parentId?: number | undefined;
  readonly parentExternalId?: string | undefined;
  readonly labels?: readonly { readonly externalId: string }[] | undefined;
}
