/**
 * Hides the members of an error that are empty from loops and consoles, where they would be most of
 * the output. They are read as before. Node prints uncaught errors itself, without their inspection
 * method.
 */
export function hideEmpty(error: object): void {
  for (const [name, value] of Object.entries(error))
    if (value === undefined || value === false || (Array.isArray(value) && value.length === 0))
      Object.defineProperty(error, name, { enumerable: false });
}
