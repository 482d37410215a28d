/** How a part of the schema differs from the project's. */
export interface SchemaChange {
  readonly kind: 'space' | 'container' | 'view';
  /** `acme:Pump` or `acme:Pump/v3`. */
  readonly name: string;
  /** The property that it is about. @default the whole of it */
  readonly property?: string | undefined;
  /**
   * `added` and `changed` are what `push` does. `kept` is in the project and not here: a property,
   * a value of an enum, a larger size, that a property is immutable, the filter of a view; the
   * `reason` of a property says where new nodes need a value of it. `refused` cannot be done,
   * `losesData` only by deleting the container with all its data. A view that loses data is another
   * one that is stored in such a container.
   */
  readonly change: 'added' | 'changed' | 'kept' | 'refused' | 'losesData';
  readonly reason?: string | undefined;
}
