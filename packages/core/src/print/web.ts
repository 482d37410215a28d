export { printed, printedItem } from './printed.js';

/** An item as it is: the tools of browsers show its members. */
export const printingItem = <T>(item: T): T => item;
