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

/** Tells whether some properties could not be compared: the credentials cannot read a container. */
export function isUncompared(
  view: AnyView,
  spaces: ReadonlySet<string>,
  containers: ReadonlyMap<string, Container> | undefined,
): boolean {
  return containers === undefined && heldElsewhere(view, spaces).length > 0;
}

/**
 * How a view differs from the containers of other spaces in which it is stored.
 *
 * @param found the view of the project, which describes the properties as well
 * @param containers of other spaces; `undefined` where the credentials cannot read them
 */
export function foreignChanges(
  view: AnyView,
  spaces: ReadonlySet<string>,
  found: ViewDefinition | undefined,
  containers: ReadonlyMap<string, Container> | undefined,
): SchemaChange[] {
  return heldElsewhere(view, spaces).flatMap(({ name, definition, container, property }) => {
    const at = { kind: 'view', name: viewKey(view), property: name } as const;
    const refused = (reason: string): SchemaChange => ({ ...at, change: 'refused', reason });
    const where = containerName(container);
    const held = containers?.get(where);
    const known = held
      ? ownOf(held.properties, property)
      : (ownOf(found?.properties, name) as ContainerProperty | undefined);
    if (known === undefined) {
      if (held !== undefined)
        return [refused(`the container ${where} has no property ${property}`)];
      return containers === undefined
        ? []
        : [refused(`the container ${where} does not exist, or cannot be read`)];
    }
    const wanted = toContainerProperty(definition);
    const isLooser = wanted.nullable !== false && known.nullable === false;
    const changes = propertyChanges(isLooser ? { ...wanted, nullable: false } : wanted, known);
    return [
      ...changes.map(({ change, reason }) =>
        change === 'kept'
          ? { ...at, change, reason }
          : refused(
              `${reason}; it is stored in ${where}, of another space, which push does not change: declare it as it is there`,
            ),
      ),
      ...(isLooser
        ? [{ ...at, change: 'kept', reason: 'it is required in the project' } as const]
        : []),
    ];
  });
}
