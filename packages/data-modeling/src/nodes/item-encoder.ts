import { ConfigError } from '@cdf/core';
import { quoted } from '@cdf/core/resource';
import type { NodeReference } from '../view/definition.js';
import { propertiesOf } from '../view/properties.js';
import { unreadable } from '../wire/data.js';
import { describe } from '../wire/describe.js';
import type { JsonBytes } from '../wire/json-bytes.js';
import { ownMembers } from '../wire/own-members.js';
import { isText } from '../wire/right-values.js';
import {
  checkItem,
  type EdgeEnds,
  hasReferences,
  type ItemFormat,
  MEMBERS,
  referencesOf,
  type WriteName,
  writeItem,
} from '../wire/writer-codec.js';
import type { InstanceScope } from './instance-scope.js';
import { toName } from './names.js';

/** What is asked of each item. */
export interface ItemSettings {
  readonly what: string;
  /** Every property without a default has to be there. */
  readonly isWhole: boolean;
  readonly isNew?: boolean;
  readonly checkVersions?: boolean;
}

type Item = Readonly<Record<string, unknown>>;
/** The type and the ends of the edge that an item changes. */
export type EndsOf = (item: Item, name: NodeReference) => Partial<EdgeEnds> | undefined;

/** Checks the items of a write, and makes of them what the API takes. */
export class ItemEncoder {
  readonly #scope: InstanceScope;
  readonly #settings: ItemSettings;
  readonly #endsOf: EndsOf;
  readonly #format: ItemFormat;
  /** Place of the item that is read now. */
  #index = 0;

  /** @throws {ConfigError} when the view hides the versions that are to be checked */
  constructor(scope: InstanceScope, settings: ItemSettings, endsOf: EndsOf) {
    const { view, instance } = scope;
    const { what, isWhole, checkVersions } = settings;
    const properties = propertiesOf(view);
    if (checkVersions === true && properties.has('version'))
      throw new ConfigError(
        `${what}: checkVersions cannot be used: the view has a property "version", which hides that of the ${instance}; write with instances.apply and existingVersion`,
      );
    this.#scope = scope;
    this.#settings = settings;
    this.#endsOf = endsOf;
    this.#format = {
      view,
      properties,
      instance,
      isWhole,
      what: () => `${what}: item ${this.#index}`,
    };
  }

  /** The name of an item that can be written. @throws {ConfigError} for another, naming it */
  check(given: unknown, index: number): WriteName {
    return this.#read(given, index, (item, name) => {
      checkItem(this.#format, item, this.#endsOf(item, name));
    });
  }

  /**
   * Adds an item as the API takes it, and gives its name.
   *
   * @throws {ConfigError} when it cannot be written, naming it. A part of it may have been added
   */
  write(out: JsonBytes, given: unknown, index: number): WriteName {
    return this.#read(given, index, (item, name) => {
      writeItem(out, this.#format, name, item, this.#endsOf(item, name));
    });
  }

  /** The name of an item that was checked before. @throws {ConfigError} when it has none */
  name(given: unknown, index: number): NodeReference {
    this.#index = index;
    return this.#nameOf(given);
  }

  /** Tells whether items may refer to nodes. */
  get hasReferences(): boolean {
    return hasReferences(this.#format);
  }

  /** The nodes that an item refers to. @throws {ConfigError} when it cannot be read, naming it */
  references(given: unknown, index: number): NodeReference[] {
    this.#index = index;
    try {
      return referencesOf(this.#format, given as Item);
    } catch (error) {
      throw unreadable(this.#format.what(), error);
    }
  }

  #read(given: unknown, index: number, use: (item: Item, name: WriteName) => void): WriteName {
    const { view, instance, what } = this.#format;
    this.#index = index;
    try {
      const name = this.#nameOf(given);
      const item = ownMembers(view, given as Item, MEMBERS[instance]);
      const existingVersion = this.#versionOf(item);
      const whole = existingVersion === undefined ? name : { ...name, existingVersion };
      use(item, whole);
      return whole;
    } catch (error) {
      throw unreadable(what(), error);
    }
  }

  #nameOf(given: unknown): NodeReference {
    const { what } = this.#format;
    const name = toName(this.#scope, given, what);
    if (!isText(name.space) || !isText(name.externalId))
      throw new ConfigError(
        `${what()}: JSON cannot carry half of a surrogate pair, in ${quoted(`${name.space}/${name.externalId}`)}`,
      );
    return name;
  }

  #versionOf({ version }: Item): number | undefined {
    const { isNew, checkVersions } = this.#settings;
    if (isNew === true) return 0;
    if (checkVersions !== true) return undefined;
    if (!Number.isSafeInteger(version) || (version as number) < 0)
      throw new ConfigError(
        `${this.#format.what()}: checkVersions needs the version that was read, got ${describe(version)}`,
      );
    return version as number;
  }
}
