/** `space:externalId`, for messages and as a key. */
export function containerName({
  space,
  externalId,
}: {
  readonly space: string;
  readonly externalId: string;
}): string {
  return `${space}:${externalId}`;
}
