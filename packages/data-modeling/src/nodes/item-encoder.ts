import { ConfigError } from '@cdf/core';
import type { NodeReference } from '../view/definition.js';
import { propertiesOf } from '../view/properties.js';
import { unreadable } from '../wire/data.js';
import { describe } from '../wire/describe.js';
import { ownMembers } from '../wire/own-members.js';
import {
  checkWrite,
  type EdgeEnds,
  type ItemFormat,
  MEMBERS,
  toWireWrite,
  type WireWrite,
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
    if (checkVersions === true && propertiesOf(view).has('version'))
      throw new ConfigError(
        `${what}: checkVersions cannot be used: the view has a property "version", which hides that of the ${instance}; write with instances.apply and existingVersion`,
      );
    this.#scope = scope;
    this.#settings = settings;
    this.#endsOf = endsOf;
    this.#format = { view, instance, isWhole, what: () => `${what}: item ${this.#index}` };
  }

  /** The name of an item that can be written. @throws {ConfigError} for another, naming it */
  check(given: unknown, index: number): NodeReference {
    const format = this.#format;
    this.#index = index;
    try {
      const name = toName(this.#scope, given, format.what);
      const item = ownMembers(format.view, given as Item, MEMBERS[format.instance]);
      checkWrite(format, item, this.#endsOf(item, name));
      this.#versionOf(item);
      return name;
    } catch (error) {
      throw unreadable(format.what(), error);
    }
  }

  /** An item as the API takes it. @throws {ConfigError} when it cannot be written, naming it */
  encode(given: unknown, index: number): WireWrite {
    const format = this.#format;
    this.#index = index;
    try {
      const name = toName(this.#scope, given, format.what);
      const item = ownMembers(format.view, given as Item, MEMBERS[format.instance]);
      const wire = toWireWrite(format, name, item, this.#endsOf(item, name));
      const existingVersion = this.#versionOf(item);
      return existingVersion === undefined ? wire : { ...wire, existingVersion };
    } catch (error) {
      throw unreadable(format.what(), error);
    }
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
