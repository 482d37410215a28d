import { define } from '../values/define.js';
import { DEPTH_OF_NAMES, ownCopy } from '../values/own-copy.js';

/**
 * Makes the methods of an API object work detached from it: `const { list } = client.assets`. Call
 * it once, in the constructor. Each method becomes a property of the object, bound to it; loops
 * over the object and consoles do not show them.
 *
 * @param without names of methods that this object does not have
 */
export function bindMethods(api: object, without: readonly string[] = []): void {
  for (const name of without) define(api, name, undefined);
  for (let prototype = Object.getPrototypeOf(api); prototype !== Object.prototype; ) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(prototype)))
      if (value?.bind && name !== 'constructor' && !Object.hasOwn(api, name))
        define(api, name, value.bind(api));
    prototype = Object.getPrototypeOf(prototype);
  }
}

/**
 * Gives an object methods that are loaded with the first call of one. They take their arguments as
 * these are at the call. Of items to be written that is the array, or a single item's members: what
 * is in them is not copied, since it can be much.
 *
 * @param load gives the object that has them
 * @param prepare makes another first argument of the given one
 */
export function attachMethods<Api extends object>(
  api: Api,
  names: readonly string[],
  load: () => Promise<object>,
  prepare: (first: unknown) => unknown = (first) => first,
): Api {
  for (const name of names)
    define(api, name, async (first?: unknown, ...others: unknown[]) => {
      const isWrite = /^(cr|up)/.test(name);
      const isOfNames = /^[rd]e/.test(name);
      const depth = isWrite ? 1 : isOfNames ? DEPTH_OF_NAMES : undefined;
      const values = [ownCopy(prepare(first), depth), ...ownCopy(others)];
      const methods = (await load()) as Record<string, unknown>;
      return (methods[name] as (...values: unknown[]) => unknown)(...values);
    });
  return api;
}
