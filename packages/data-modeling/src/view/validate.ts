import { CdfError } from '@cdf/core';
import { toName } from '../nodes/names.js';
import { toWireWrite } from '../wire/writer-codec.js';
import type { AnyView, StandardResult } from './definition.js';

/** Checks what is to be written through a view. The first thing that is wrong is the issue. */
export function validate(view: AnyView, value: unknown): StandardResult<never> {
  try {
    const name = toName({ space: undefined }, value, view.externalId);
    const instance = view.options.usedFor === 'edge' ? 'edge' : 'node';
    toWireWrite(view, name, value as Record<string, unknown>, instance, true, view.externalId);
    return { value: value as never };
  } catch (error) {
    if (CdfError.isInstance(error)) return { issues: [{ message: error.message }] };
    throw error;
  }
}
