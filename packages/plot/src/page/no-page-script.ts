import type { PageScript } from './page-script.js';

/** A bundle for browsers has the code of a chart already, and does not carry it a second time as text. */
export const pageScript: PageScript | undefined = undefined;
