/** Nothing: browsers send a request beside the script. */
export function nextTurn(): void {}
