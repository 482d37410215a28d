import { inspect } from 'node:util';

/** Everything a program could print of a value, however deep. */
export function everythingOf(value: unknown): string {
  const texts: string[] = [];
  const seen = new Set<unknown>();
  const visit = (each: unknown): void => {
    if (typeof each === 'string') texts.push(each);
    if ((typeof each !== 'object' && typeof each !== 'function') || each === null || seen.has(each))
      return;
    seen.add(each);
    texts.push(
      inspect(each, { depth: 10, showHidden: true }),
      JSON.stringify(each, (_, inner: unknown) => (typeof inner === 'bigint' ? '' : inner)) ?? '',
    );
    for (const key of Reflect.ownKeys(each)) {
      const descriptor = Reflect.getOwnPropertyDescriptor(each, key);
      if (descriptor !== undefined && 'value' in descriptor) visit(descriptor.value);
    }
  };
  visit(value);
  return texts.join('\n');
}
