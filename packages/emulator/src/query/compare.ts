import type { PropertyType } from '../schema/model.js';
import type { Value } from '../schema/values.js';

export type Compare = (left: Value, right: Value) => number;

const SURROGATE = /[\ud800-\udfff]/;

/** How values of a type are ordered. */
export function compareOf({
  type,
  collation = 'ucs_basic',
}: Pick<PropertyType, 'type' | 'collation'>): Compare {
  if (type !== 'text' || collation === 'ucs_basic')
    return type === 'text' ? compareText : compareAny;
  const collator = new Intl.Collator(collation === 'und' ? 'en' : collation);
  return (left, right) =>
    collator.compare(left as string, right as string) || compareText(left, right);
}

/** Texts by code points; the code units of characters beyond U+FFFF would come too early. */
function compareText(left: Value, right: Value): number {
  const [one, other] = [left as string, right as string];
  if (one === other) return 0;
  if (!SURROGATE.test(one) && !SURROGATE.test(other)) return one < other ? -1 : 1;
  const [a, b] = [[...one], [...other]];
  for (let at = 0; at < Math.min(a.length, b.length); at += 1) {
    const difference =
      ((a[at] as string).codePointAt(0) ?? 0) - ((b[at] as string).codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

function compareAny(left: Value, right: Value): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
