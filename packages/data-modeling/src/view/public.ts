// The names that views are written with. The core model imports them from here: what all of the
// package evaluates would be imported with it.

export type { NodeReference } from './definition.js';
// biome-ignore lint/performance/noReExportAll: bundlers keep of a namespace what a program names, as they do not of an object.
export * as p from './p.js';
export type { Property } from './property.js';
export { type View, view } from './view.js';
