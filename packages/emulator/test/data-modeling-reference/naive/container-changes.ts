import type { Json } from '../../helpers.js';
import { refuse, same } from './state.js';

/** Refuses a change of a container property that needs another container. */
export function checkChange(id: string, before: Json, after: Json): void {
  const no = (noun: string): never => refuse(`The ${noun} of property '${id}' cannot be changed`);
  const [old, next] = [before.type, after.type];
  if (old.type !== next.type) no('type');
  if (old.list !== next.list) no('list flag');
  if (old.collation !== next.collation) no('collation');
  if (!same(old.container ?? null, next.container ?? null)) no('target container');
  if (!same(old.unit ?? null, next.unit ?? null)) no('unit');
  if (before.autoIncrement !== after.autoIncrement) no('autoIncrement flag');
  if (!before.nullable && after.nullable) no('nullability');
  if (isSmaller(next.maxListSize, old.maxListSize)) no('maxListSize');
  if (isSmaller(next.maxTextSize, old.maxTextSize)) no('maxTextSize');
  for (const value of Object.keys(old.values ?? {}))
    if (!Object.hasOwn(next.values, value))
      refuse(`The value '${value}' of the enum '${id}' cannot be removed`);
}

/** True if a bound was lowered, or added. */
function isSmaller(next: number | undefined, old: number | undefined): boolean {
  return next !== undefined && next < (old ?? Number.POSITIVE_INFINITY);
}
