import type { StandardResult } from './property.js';
import type { AnyView } from './view.js';

export function validate(_view: AnyView, value: unknown): StandardResult<never> {
  return { value: value as never };
}
