import { checkReferences, createCheck, itemMaker } from '../fields/derive.js';
import { post, type Route } from '../http/route.js';
import type { Item, Stamped } from '../model/common.js';
import { keysOf, type State } from '../state.js';
import { checkNewExternalIds } from '../storage/references.js';
import { parse, where } from '../validation/schema.js';
import { itemsOf, itemsText, type Kind } from './crud.js';

/** POST /{kind}: all or nothing. */
export function createRoute<T extends Item, C extends { readonly externalId?: string | undefined }>(
  state: State,
  kind: Kind<T>,
  options: {
    status?: number;
    max?: number;
    /** A rule about the members of one item together. */
    rule?: (item: C) => string | undefined;
    /** Refuses items by rules beyond fields and references. */
    check?: (items: readonly C[]) => void;
    /** The items without the fields that the server sets; those of the fields by default. */
    complete?: (items: readonly C[], now: number) => T[];
  } = {},
): Route {
  const item = createCheck<C>(kind.table);
  const check = itemsOf(options.rule === undefined ? item : where(item, options.rule), options.max);
  const make = itemMaker<C>(kind.table);
  const stamped = (items: readonly C[], now: number): T[] =>
    items.map((given) => stamp(make(given), kind.collection.newId(), now) as unknown as T);
  const { status = 201, complete = stamped } = options;
  return post(
    kind.path,
    (body, call) => {
      const { items } = parse(check, body);
      options.check?.(items);
      checkReferences(kind.table, state, items);
      checkNewExternalIds(kind.collection, items, kind.refusals);
      const made = complete(items, state.clock.now());
      const createAll = (): readonly T[] => {
        kind.collection.createAll(made);
        return made;
      };
      state.write(call.requestId, kind.name, 'create', createAll, keysOf);
      return itemsText(kind, made);
    },
    status,
  );
}

/** A new item with the fields that the server sets. */
export function stamp<C extends object>(item: C, id: number, now: number): C & Pick<Item, Stamped> {
  return { ...item, id, createdTime: now, lastUpdatedTime: now };
}
