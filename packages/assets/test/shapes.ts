import type { AssetCreate } from '@cdf/assets';

/** Numbers from 0 to 1, the same for the same seed. */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}

export function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const result = [...items];
  for (let index = result.length - 1; index > 0; index -= 1) {
    const other = Math.floor(random() * (index + 1));
    [result[index], result[other]] = [result[other] as T, result[index] as T];
  }
  return result;
}

/** Assets named by their position, each below the one that `parentOf` says; -1 makes a root. */
export function tree(
  count: number,
  parentOf: (index: number) => number,
  prefix = 'a',
): AssetCreate[] {
  return Array.from({ length: count }, (_, index) => {
    const parent = parentOf(index);
    return {
      externalId: `${prefix}${index}`,
      name: `asset ${index}`,
      ...(parent < 0 ? {} : { parentExternalId: `${prefix}${parent}` }),
    };
  });
}

/** A random tree of at most `maxDepth` levels below its root. */
export function randomTree(
  count: number,
  maxDepth: number,
  random: () => number,
  prefix?: string,
): AssetCreate[] {
  const depth = new Int32Array(count);
  return tree(
    count,
    (index) => {
      if (index === 0) return -1;
      let parent = Math.floor(random() * index);
      while ((depth[parent] as number) >= maxDepth) parent = Math.floor(random() * index);
      depth[index] = (depth[parent] as number) + 1;
      return parent;
    },
    prefix,
  );
}
