import type { Parsed, PropertyDefinition } from '../view/definition.js';

/** Checks the value of a `json` property by its schema. Without one every object passes. */
export function parseJson({ schema }: PropertyDefinition, value: unknown): Parsed {
  if (schema === undefined) return { value };
  try {
    const result = schema['~standard'].validate(value);
    if (result instanceof Promise) {
      result.catch(() => {});
      return { problem: 'its schema is asynchronous; use one that checks at once' };
    }
    const [issue] = result.issues ?? [];
    if (issue === undefined) return { value: (result as { readonly value: unknown }).value };
    const path = issue.path?.map((part) => String(Object(part).key ?? part)).join('.');
    return { problem: path ? `${path}: ${issue.message}` : issue.message };
  } catch (error) {
    return { problem: `its schema threw ${String(error)}` };
  }
}
