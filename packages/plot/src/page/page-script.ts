import type { FullModel } from '../parts/all-parts.js';

/** What makes a page interactive. */
export interface PageScript {
  /** Hash of the script, as a content security policy names it. */
  readonly hash: string;
  /** The elements of the data and of the script. */
  elements(model: FullModel, maxPoints: number): string;
}
