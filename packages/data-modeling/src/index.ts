export { type EdgesOptions, type PropertyKinds, p } from './view/p.js';
export type {
  ClassicResource,
  NodeReference,
  Property,
  PropertyDefinition,
  PropertyFlag,
  PropertyKind,
  PropertyStorage,
  StandardResult,
  StandardSchema,
} from './view/property.js';
export type {
  Change,
  Found,
  Group,
  OrderBy,
  Read,
  ReadEdge,
  Where,
  With,
  WithOptions,
  Write,
  WriteEdge,
} from './view/types.js';
export { type AnyView, type View, type ViewOptions, type ViewReference, view } from './view/view.js';
