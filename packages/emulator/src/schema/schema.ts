import { Collection } from '../storage/collection.js';
import type { Store } from '../storage/database.js';
import {
  type CompiledSource,
  type CompiledView,
  compileContainer,
  compileView,
} from './compiled-view.js';
import { coreModel } from './core.js';
import { containerKey, versionedKey } from './keys.js';
import type { Container, DataModel, SourceReference, Space, Stored, View } from './model.js';

type Kind = 'space' | 'container' | 'view' | 'dataModel';

/** One kind of schema part: those that clients made, and those that the service has built in. */
export class Parts<T> {
  readonly own: Collection<Stored<T>>;
  readonly #global: () => ReadonlyMap<string, Stored<T>>;

  constructor(store: Store, kind: Kind, global: () => ReadonlyMap<string, Stored<T>>) {
    this.own = new Collection(store, kind, { isExact: true });
    this.#global = global;
  }

  get(key: string): Stored<T> | undefined {
    return this.own.getByExternalId(key) ?? this.#global().get(key);
  }

  /** All parts in the order of their keys. */
  sorted(includeGlobal: boolean): Stored<T>[] {
    const all = [...this.own.items(), ...(includeGlobal ? this.#global().values() : [])];
    return all.sort((left, right) => (left.externalId < right.externalId ? -1 : 1));
  }

  *all(): Generator<Stored<T>> {
    yield* this.own.items();
    yield* this.#global().values();
  }
}

/**
 * The schema of a project: spaces, containers, views and data models, with the core model among
 * them.
 */
export class Schema {
  readonly spaces: Parts<Space>;
  readonly containers: Parts<Container>;
  readonly views: Parts<View>;
  readonly dataModels: Parts<DataModel>;
  #revision = 0;
  #compiledAt = -1;
  readonly #compiled = new Map<string, CompiledSource>();
  readonly #byCode = new Map<string, CompiledSource>();

  constructor(store: Store) {
    this.spaces = new Parts(store, 'space', () => coreModel().spaces);
    this.containers = new Parts(store, 'container', () => coreModel().containers);
    this.views = new Parts(store, 'view', () => coreModel().views);
    this.dataModels = new Parts(store, 'dataModel', () => coreModel().dataModels);
    const changed = (): void => {
      this.#revision += 1;
    };
    for (const { own } of [this.spaces, this.containers, this.views, this.dataModels])
      (own as Collection<Stored<unknown>>).onChange(changed);
  }

  /** A number that rises with every change. */
  get revision(): number {
    return this.#revision;
  }

  collections(): readonly Collection<Stored<unknown>>[] {
    const all = [this.spaces.own, this.containers.own, this.views.own, this.dataModels.own];
    return all as unknown as readonly Collection<Stored<unknown>>[];
  }

  /** The container whose rows have this code; `undefined` when it was deleted. */
  containerOfCode(code: string): CompiledSource | undefined {
    this.#refresh();
    if (this.#byCode.size === 0)
      for (const container of this.containers.all())
        this.#byCode.set(container.code as string, compileContainer(container));
    return this.#byCode.get(code);
  }

  /** A view with everything that reading and writing through it needs. */
  view(reference: {
    readonly space: string;
    readonly externalId: string;
    readonly version: string;
  }): CompiledView | undefined {
    this.#refresh();
    const key = versionedKey(reference);
    const present = this.#compiled.get(key);
    if (present !== undefined) return present as CompiledView;
    const view = this.views.get(key);
    if (view === undefined) return undefined;
    const made = compileView(this, view);
    this.#compiled.set(key, made);
    return made;
  }

  /** The properties of a container. */
  container(reference: {
    readonly space: string;
    readonly externalId: string;
  }): CompiledSource | undefined {
    this.#refresh();
    const key = containerKey(reference);
    const present = this.#compiled.get(key);
    if (present !== undefined) return present;
    const container = this.containers.get(key);
    if (container === undefined) return undefined;
    const made = compileContainer(container);
    this.#compiled.set(key, made);
    return made;
  }

  source(reference: SourceReference): CompiledSource | undefined {
    return reference.type === 'view' ? this.view(reference) : this.container(reference);
  }

  #refresh(): void {
    if (this.#compiledAt === this.#revision) return;
    this.#compiledAt = this.#revision;
    this.#compiled.clear();
    this.#byCode.clear();
  }
}
