/** The differences between spaces, containers, views and data models. */
export interface SchemaKind<Id extends object> {
  /** Below `/models`. */
  readonly path: string;
  /** For messages: `views`. */
  readonly noun: string;
  /** The members of a name. */
  readonly names: readonly (keyof Id & string)[];
  /** Options of the list. */
  readonly listOptions: readonly string[];
  /** Options of retrieval, which the API takes in the URL. */
  readonly readOptions: readonly string[];
}

/** The options of every list of the schema. */
export interface SchemaQuery {
  /** Lists the items of the system too. @default false */
  readonly includeGlobal?: boolean | undefined;
  /** Most items in all; `Infinity` makes `await` give every one. */
  readonly limit?: number | undefined;
}
