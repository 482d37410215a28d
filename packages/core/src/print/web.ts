export { printed } from './printed.js';

// The tools of browsers show the members of single items by themselves.
export function printedItem(_prototype: object): void {}

export function printedQuery(_prototype: object, _name: string): void {}
