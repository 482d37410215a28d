/** The `log` of a client without a logger. */
export function noLog(): void {}
