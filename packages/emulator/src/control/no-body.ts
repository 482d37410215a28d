/** True for a status whose answers have no body, by the standard of HTTP. */
export function hasNoBody(status: number | undefined): boolean {
  return status === 204 || status === 205 || status === 304;
}
