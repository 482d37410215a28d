import type { PageScript } from './page-script.js';

/** A bundle for browsers has the code of a chart already: it does not carry a copy as a string. */
export const pageScript: PageScript | undefined = undefined;
