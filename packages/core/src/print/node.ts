import { installInspection, installPrinting } from './install.js';
import { printed as printedAnywhere } from './printed.js';

installPrinting();

/**
 * Gives the objects of a prototype the methods of `Printable`, and those that consoles and
 * notebooks look for.
 */
export const printed: typeof printedAnywhere = (prototype, toText) => {
  printedAnywhere(prototype, toText);
  installInspection(prototype as never);
};
