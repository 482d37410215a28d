/** The consoles of browsers show members, and look for no methods. */
export function shownInConsoles(_prototype: object): void {}
