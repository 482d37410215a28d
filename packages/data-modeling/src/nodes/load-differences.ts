import { loadPart } from '@cdf/core/resource';
import type { DifferencesOf } from './checked-views.js';

/** The error of a view that is not like the project's, from the part that is loaded late. */
export const loadDifferences: DifferencesOf = async (view, properties) =>
  (await loadPart(import('../later.js'))).differencesOf(view, properties);
