// The tools of browsers show where a call came from by themselves.
export function longStacks(): void {}

export function shortStacks(): void {}
