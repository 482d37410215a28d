import type { AnyView } from '../view/definition.js';
import { propertiesOf } from '../view/properties.js';

type Item = Readonly<Record<string, unknown>>;

/**
 * The item with what its class gives it: getters of a class are members of its prototype, which
 * copies and lists of names do not have.
 *
 * @param members of every item, other than properties
 */
export function ownMembers(view: AnyView, item: Item, members: object): Item {
  const prototype: unknown = Object.getPrototypeOf(item);
  if (prototype === null || prototype === Object.prototype) return item;
  const given = [...propertiesOf(view).keys(), ...Object.keys(members)].filter(
    (name) => name in item && !Object.hasOwn(item, name) && !(name in Object.prototype),
  );
  if (given.length === 0) return item;
  return { ...item, ...Object.fromEntries(given.map((name) => [name, item[name]])) };
}
