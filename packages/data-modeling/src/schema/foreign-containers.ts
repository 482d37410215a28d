import type { Container, ContainerProperty, ViewDefinition } from '../api/schema-types.js';
import type { AnyView, NodeReference, PropertyDefinition } from '../view/definition.js';
import { propertiesOf, viewKey } from '../view/properties.js';
import { ownOf } from './canonical.js';
import { propertyChanges } from './container-changes.js';
import { containerName } from './container-name.js';
import type { SchemaChange } from './schema-change.js';
import { isMapped, storageOf, toContainerProperty } from './to-definitions.js';

// Views may be stored in containers of spaces that are not pushed. These are as they are: a view
// that says something else of them cannot be read or written.

/** A property of a view, and where it is stored. */
interface Held {
  readonly name: string;
  readonly definition: PropertyDefinition;
  readonly container: NodeReference;
  readonly property: string;
}

function heldElsewhere(view: AnyView, spaces: ReadonlySet<string>): Held[] {
  return view.ownProperties.flatMap((name) => {
    const definition = propertiesOf(view).get(name) as PropertyDefinition;
    if (!isMapped(definition)) return [];
    const { container, property } = storageOf(view, name, definition);
    const { space, externalId } = container;
    return spaces.has(space)
      ? []
      : [{ name, definition, container: { space, externalId }, property }];
  });
}

/** The containers of other spaces in which some views are stored. */
export function foreignContainers(
  views: readonly AnyView[],
  spaces: ReadonlySet<string>,
): NodeReference[] {
  const all = views.flatMap((view) =>
    heldElsewhere(view, spaces).map(({ container }) => container),
  );
  return [...new Map(all.map((each) => [containerName(each), each])).values()];
}

/** Views and containers of the project that properties are compared with. */
interface Project {
  readonly views: ReadonlyMap<string, ViewDefinition>;
  /** Containers of other spaces; `undefined` where the credentials cannot read them. */
  readonly foreign: ReadonlyMap<string, Container> | undefined;
}

/** A property as its container, or else the view, describes it. */
function knownOf(
  view: AnyView,
  { name, container, property }: Held,
  { views, foreign }: Project,
): ContainerProperty | undefined {
  const held = foreign?.get(containerName(container));
  return held === undefined
    ? (ownOf(views.get(viewKey(view))?.properties, name) as ContainerProperty | undefined)
    : ownOf(held.properties, property);
}

/**
 * The properties that could not be compared: their container is missing or cannot be read. It may
 * have been pushed some seconds ago, as the API answers with the schema of then; only a push that
 * loses data cannot wait for what it says of the views.
 */
export function uncompared(
  view: AnyView,
  spaces: ReadonlySet<string>,
  project: Project,
): SchemaChange[] {
  return heldElsewhere(view, spaces)
    .filter((held) => knownOf(view, held, project) === undefined)
    .map(({ name, container, property }) => ({
      ...{ kind: 'view', name: viewKey(view), property: name, change: 'refused' },
      reason: `${property} of the container ${containerName(container)} does not exist, or cannot be read`,
    }));
}

/** How a view differs from the containers of other spaces in which it is stored. */
export function foreignChanges(
  view: AnyView,
  spaces: ReadonlySet<string>,
  project: Project,
): SchemaChange[] {
  return heldElsewhere(view, spaces).flatMap((held): SchemaChange[] => {
    const known = knownOf(view, held, project);
    if (known === undefined) return [];
    const at = { kind: 'view', name: viewKey(view), property: held.name } as const;
    const wanted = toContainerProperty(held.definition);
    const isLooser = wanted.nullable !== false && known.nullable === false;
    const changes = propertyChanges(isLooser ? { ...wanted, nullable: false } : wanted, known);
    const where = `it is stored in ${containerName(held.container)}, of another space, which push does not change: declare it as it is there`;
    return [
      ...changes.map(
        ({ change, reason }): SchemaChange =>
          change === 'kept'
            ? { ...at, change, reason }
            : { ...at, change: 'refused', reason: `${reason}; ${where}` },
      ),
      ...(isLooser
        ? [{ ...at, change: 'kept', reason: 'it is required in the project' } as const]
        : []),
    ];
  });
}
