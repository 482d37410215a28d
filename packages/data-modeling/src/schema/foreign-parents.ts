import type { ViewDefinition } from '../api/schema-types.js';
import type { AnyView } from '../view/definition.js';
import { viewKey } from '../view/properties.js';
import { isLike } from '../wire/typing.js';
import { differencesOf } from '../wire/typing-differences.js';
import type { SchemaChange } from './schema-change.js';

// A view has the properties of its parents, also of those that are not pushed with it. Those of the
// system are not compared: its views do not change within a version.

/** Spaces of the service. */
const SYSTEM = 'cdf_';

/** The parents of some views that are not among them. */
export function foreignParents(views: readonly AnyView[]): AnyView[] {
  const known = keysOf(views);
  const parents = views.flatMap((view) => parentsBesides(view, known));
  return [...new Map(parents.map((parent) => [viewKey(parent), parent])).values()];
}

/** The names of views, to tell their parents from others. */
export function keysOf(views: readonly AnyView[]): Set<string> {
  return new Set(views.map(viewKey));
}

function parentsBesides({ options }: AnyView, pushed: ReadonlySet<string>): AnyView[] {
  return (options.implements ?? []).filter(
    (parent) => !pushed.has(viewKey(parent)) && !parent.space.startsWith(SYSTEM),
  );
}

/** The parents of a view that are not among the others, with what is known of them. */
function parentsOf(
  view: AnyView,
  pushed: ReadonlySet<string>,
  found: ReadonlyMap<string, ViewDefinition> | undefined,
): { readonly parent: AnyView; readonly known: ViewDefinition | undefined }[] {
  return parentsBesides(view, pushed).map((parent) => {
    const known = found?.get(viewKey(parent));
    return { parent, known };
  });
}

/**
 * The parents that could not be compared: they are missing or cannot be read. Like containers of
 * other spaces, they may have been pushed some seconds ago.
 */
export function uncomparedParents(
  view: AnyView,
  pushed: ReadonlySet<string>,
  found: ReadonlyMap<string, ViewDefinition> | undefined,
): SchemaChange[] {
  return parentsOf(view, pushed, found)
    .filter(({ known }) => known === undefined)
    .map(({ parent }) => ({
      ...{ kind: 'view', name: viewKey(view), change: 'refused' },
      reason: `its parent ${viewKey(parent)} does not exist, or cannot be read`,
    }));
}

/**
 * Refuses a view with parents that are other ones in the project.
 *
 * @param pushed the names of the views that are pushed
 * @param found parents by name, as they are in the project, with what they inherit
 */
export function parentChanges(
  view: AnyView,
  pushed: ReadonlySet<string>,
  found: ReadonlyMap<string, ViewDefinition> | undefined,
): SchemaChange[] {
  return parentsOf(view, pushed, found).flatMap(({ parent, known }): SchemaChange[] => {
    if (known === undefined || isLike(parent, known.properties)) return [];
    const { message } = differencesOf(parent, known.properties);
    const reason = `it inherits from another view than in the project: ${message}`;
    return [{ kind: 'view', name: viewKey(view), change: 'refused', reason }];
  });
}
