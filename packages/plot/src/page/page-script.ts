import type { FullModel } from '../parts/all-parts.js';

/** The script of an interactive page. */
export interface PageScript {
  /** Hash of the script, as a content security policy names it. */
  readonly hash: string;
  /** The elements of the data and of the script. */
  elements(model: FullModel, maxPoints: number): string;
}
