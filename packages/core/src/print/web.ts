export { Printed, PrintedArray } from './printed.js';

/** What errors extend: browsers print them well. */
export const PrintedError: ErrorConstructor = Error;
