/**
 * True for what a literal makes, in this realm or another, such as a frame or a worker of Node: an
 * object of no class.
 */
export function isLiteral(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
