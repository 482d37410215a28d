/** Lies that are never told of some operations, although others of that kind are told them. */
interface Untellable {
  readonly operations: RegExp;
  readonly lies: readonly string[];
  readonly reason: string;
}

export const UNTELLABLE: readonly Untellable[] = [];

/** Why a lie is never told of an operation; `undefined` where it is. */
export function untellable(operation: string, lie: string): string | undefined {
  return UNTELLABLE.find(({ operations, lies }) => lies.includes(lie) && operations.test(operation))?.reason;
}
