/**
 * Makes the methods of an API object work detached from it: `const { list } = client.assets`. Call it once, in the constructor. Each
 * method becomes a property of the object, bound to it; loops over the object and consoles do not show them.
 *
 * @param without names of methods that this object does not have
 */
export function bindMethods(api: object, without: readonly string[] = []): void {
  for (const name of without) Object.defineProperty(api, name, { value: undefined });
  for (let prototype = Object.getPrototypeOf(api); prototype !== Object.prototype; ) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(prototype)))
      if (typeof value === 'function' && name !== 'constructor' && !Object.hasOwn(api, name))
        Object.defineProperty(api, name, { value: value.bind(api), writable: true, configurable: true });
    prototype = Object.getPrototypeOf(prototype);
  }
}
