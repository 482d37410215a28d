/** Browsers send a request beside the script. */
export const nextTurn: (() => Promise<void>) | undefined = undefined;
