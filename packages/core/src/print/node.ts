import { Listing } from '../resources/listing.js';
import { inspectQuery } from './inspect-query.js';
import { inspectItems, installInspection, installPrinting } from './install.js';
import { printed as printedAnywhere, printedItem as printedItemAnywhere } from './printed.js';

installPrinting();
// Here, not in the class: browsers do not load it.
inspectQuery(Listing.prototype, 'Listing');

/**
 * Gives the objects of a prototype the methods of `Printable`, and those that consoles and
 * notebooks look for.
 */
export const printed: typeof printedAnywhere = (prototype, toText) => {
  printedAnywhere(prototype, toText);
  installInspection(prototype as never);
};

/** Gives single items a `toString`, and what consoles look for. */
export const printedItem: typeof printedItemAnywhere = (prototype) => {
  printedItemAnywhere(prototype);
  inspectItems(prototype);
};

/** Lets consoles say of queries that they are not results. */
export const printedQuery: (prototype: object, name: string) => void = inspectQuery;
