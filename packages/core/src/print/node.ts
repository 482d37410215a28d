import { inspectItems, installInspection, installPrinting } from './install.js';
import { printed as printedAnywhere, printedItem as printedItemAnywhere } from './printed.js';

installPrinting();

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
