import type { ViewPropertyDefinition, ViewSource, ViewWrite } from '../api/schema-types.js';
import { viewKey } from '../view/properties.js';
import { canonical } from './canonical.js';
import { containerName } from './container-name.js';

// The parts of a property that no push can change within a version of a view.

type Defined = ViewPropertyDefinition | NonNullable<ViewWrite['properties']>[string];
type Parts = Readonly<Record<string, unknown>>;

/** The first part that differs, in the project and here. */
export function differenceOf(wanted: Defined, found: Defined): string | undefined {
  const [here, there] = [partsOf(wanted), partsOf(found)];
  for (const name of new Set([...Object.keys(there), ...Object.keys(here)]))
    if (canonical(here[name] ?? null) !== canonical(there[name] ?? null))
      return `its ${name} is ${shown(there[name])} in the project, ${shown(here[name])} here`;
  return undefined;
}

/** By the names that messages give them. */
function partsOf(property: Defined): Parts {
  if ('container' in property) {
    const { container, containerPropertyIdentifier } = property;
    const { type } = property as { readonly type?: { readonly source?: unknown } };
    return {
      kind: 'stored',
      container,
      'stored property': containerPropertyIdentifier,
      view: property.source ?? type?.source,
    };
  }
  const {
    connectionType = 'multi_edge_connection',
    source,
    through,
    edgeSource,
    direction,
  } = property;
  const type = connectionType.endsWith('edge_connection') ? property.type : undefined;
  return {
    kind: connectionType,
    view: source,
    through,
    'view of edges': edgeSource,
    direction,
    'type of edges': type,
  };
}

function shown(part: unknown): string {
  if (part === undefined || part === null) return 'missing';
  if (typeof part !== 'object') return JSON.stringify(part);
  if ('identifier' in part && 'source' in part)
    return `${JSON.stringify(part.identifier)} of ${shown(part.source)}`;
  return 'version' in part
    ? viewKey(part as ViewSource)
    : containerName(part as Parameters<typeof containerName>[0]);
}
