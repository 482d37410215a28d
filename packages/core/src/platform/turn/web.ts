/** Nothing: browsers send a request beside the script. */
export function nextTurn(_sent: PromiseLike<unknown>): void {}
