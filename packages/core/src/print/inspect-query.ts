import { inspectable } from './inspectable.js';

/** Says of the queries of a prototype that they are not results, for those who forgot to wait. */
export function inspectQuery(prototype: object, name: string): void {
  inspectable(prototype, () => `${name} { await it, or loop over it with for await }`);
}
