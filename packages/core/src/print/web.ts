export { printed } from './printed.js';

// The tools of browsers show the members of single items by themselves.
export function printedItem(_prototype: object): void {}

/** An item as it is. */
export const printingItem = <T>(item: T): T => item;
