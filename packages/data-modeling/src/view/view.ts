import { ConfigError } from '@cdf/core';
import { quoted } from '@cdf/core/resource';
import { loadLater } from '../load-later.js';
import type { AnyView, StandardSchema, ViewOptions } from './definition.js';
import { isView, viewKey } from './properties.js';
import type { Write } from './types.js';

/** A view as a value: the key of filters, the source of reads, the schema of writes. */
export interface View<Properties extends object> extends AnyView {
  readonly properties: Properties;
  /** Checks what is to be written: forms and other libraries take a view as a schema. */
  readonly '~standard': StandardSchema<unknown, Write<View<Properties>>>['~standard'];
}

/** The properties of several views, later ones first. */
export type Inherited<Views extends readonly AnyView[]> = Views extends readonly [
  infer First extends AnyView,
  ...infer Rest extends readonly AnyView[],
]
  ? Omit<First['properties'], keyof Inherited<Rest>> & Inherited<Rest>
  : Record<never, never>;

/** Names that a node has already. */
const RESERVED = [
  '__proto__',
  'space',
  'externalId',
  'createdTime',
  'lastUpdatedTime',
  'deletedTime',
  'extensions',
];

/**
 * A view whose type is declared, for libraries:
 * `const Pump: PumpView = view('acme', 'Pump', 'v3', () => ({ … }))`. Its properties are made with
 * their first use, so that bundlers drop it where it is not used. `cdf-models pull --declarations`
 * writes such views.
 */
export function view<V extends AnyView>(
  space: string,
  externalId: string,
  version: string,
  properties: () => Readonly<Record<string, unknown>>,
  options?: () => ViewOptions,
): V;
/**
 * A view as a value. Sends nothing.
 *
 * Views that refer to themselves or to each other use getters:
 * `get parent() { return p.ref(() => Pump); }`.
 *
 * @throws {ConfigError} when a property cannot have its name, or is not a property
 *
 * @example
 * const Pump = view('acme', 'Pump', 'v3', { name: p.text(), power: p.float().optional() });
 */
export function view<
  // A narrower bound would ask for the types of views that refer to each other before they are
  // inferred.
  Properties extends object,
  const Parents extends readonly AnyView[] = readonly [],
>(
  space: string,
  externalId: string,
  version: string,
  properties: Properties,
  options?: ViewOptions & { readonly implements?: Parents | undefined },
): View<
  Parents extends readonly [] ? Properties : Omit<Inherited<Parents>, keyof Properties> & Properties
>;
export function view(
  space: string,
  externalId: string,
  version: string,
  properties: object | (() => object),
  options: ViewOptions | (() => ViewOptions) = {},
): AnyView {
  for (const [name, value] of Object.entries({ space, externalId, version }))
    if (typeof value !== 'string' || value === '')
      throw new ConfigError(`view: ${name} must be a non-empty string`);
  return new ViewValue(space, externalId, version, properties, options);
}

class ViewValue implements AnyView {
  readonly space: string;
  readonly externalId: string;
  readonly version: string;
  readonly #given: object | (() => object);
  readonly #options: ViewOptions | (() => ViewOptions);
  #properties: object | undefined;

  constructor(
    space: string,
    externalId: string,
    version: string,
    given: object | (() => object),
    options: ViewOptions | (() => ViewOptions),
  ) {
    this.space = space;
    this.externalId = externalId;
    this.version = version;
    this.#given = given;
    this.#options = options;
    if (typeof given !== 'function') void this.properties;
  }

  get options(): ViewOptions {
    return typeof this.#options === 'function' ? this.#options() : this.#options;
  }

  get ownProperties(): readonly string[] {
    return Object.keys(this.#own());
  }

  /** Getters stay getters: what they refer to may not exist yet. */
  get properties(): object {
    if (this.#properties === undefined) {
      const { implements: parents = [] } = this.options;
      if (!Array.isArray(parents) || !parents.every(isView))
        throw new ConfigError(
          `view ${quoted(viewKey(this))}: implements must be an array of views`,
        );
      const descriptors = [...parents.map(({ properties }) => properties), this.#own()].map(
        Object.getOwnPropertyDescriptors,
      );
      const properties = Object.defineProperties({}, Object.assign({}, ...descriptors));
      for (const name of descriptors.flatMap(Object.keys))
        if (RESERVED.includes(name))
          throw new ConfigError(
            `view ${quoted(viewKey(this))}: a property cannot be named ${quoted(name)}`,
          );
      this.#properties = properties;
    }
    return this.#properties as object;
  }

  get '~standard'(): StandardSchema['~standard'] {
    return standard(this);
  }

  #own(): object {
    return typeof this.#given === 'function' ? (this.#given as () => object)() : this.#given;
  }
}

function standard(made: AnyView): StandardSchema['~standard'] {
  return {
    version: 1,
    vendor: 'cdf',
    validate: async (value) => {
      const { validate } = await loadLater();
      return validate(made, value);
    },
  };
}
