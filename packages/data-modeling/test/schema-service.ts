import { ApiError, type Transport } from '@cdf/core';
import { memoryTransport } from '@cdf/core/testing';
import type { AnyView } from '@cdf/data-modeling';

/** A part of the schema, as requests and answers have it. */
export type Item = Record<string, unknown> & {
  readonly space: string;
  readonly externalId: string;
  readonly version?: string;
  properties: Record<string, Item>;
  readonly container: Item;
  readonly containerPropertyIdentifier: string;
};

/** Answers in place of the service, or throws. `undefined` lets the service answer. */
type Answer = (path: string, items: readonly Item[], service: SchemaService) => unknown;

/** The schema of a project, in memory, with answers that a test changes. */
export interface SchemaService {
  readonly transport: Transport;
  readonly containers: Map<string, Item>;
  readonly views: Map<string, Item>;
  /** The paths of the requests. */
  readonly calls: string[];
  answer: Answer;
}

const TIMES = { createdTime: 1, lastUpdatedTime: 1, isGlobal: false };

export const nameOf = ({ space, externalId, version }: Partial<AnyView> | Item): string =>
  `${space}${externalId === undefined ? '' : `:${externalId}`}${version === undefined ? '' : `/${version}`}`;

/** Types of stored properties cannot be changed. */
function refuseTypes(item: Item, before: Item | undefined): void {
  for (const [name, { type }] of Object.entries(item.properties)) {
    const known = before?.properties[name]?.type as { readonly type: string } | undefined;
    if (known !== undefined && known.type !== (type as { readonly type: string }).type)
      throw new ApiError(`400 the type of ${name} cannot be changed`, { status: 400 });
  }
}

/**
 * A service that keeps what upserts leave out, and that takes the properties of views with the
 * container that they are stored in.
 */
export function schemaService(answer: Answer = () => undefined): SchemaService {
  const spaces = new Map<string, Item>();
  const containers = new Map<string, Item>();
  const views = new Map<string, Item>();
  const isStoredIn = (property: Item, container: Item): boolean =>
    property.container !== undefined && nameOf(property.container) === nameOf(container);
  const remove = (container: Item): void => {
    containers.delete(nameOf(container));
    for (const view of views.values())
      view.properties = Object.fromEntries(
        Object.entries(view.properties).filter(([, each]) => !isStoredIn(each, container)),
      );
  };
  const store = (kept: Map<string, Item>, item: Item): Item => {
    const before = kept.get(nameOf(item));
    if (kept === containers) refuseTypes(item, before);
    const properties = { ...before?.properties, ...item.properties };
    const after = { implements: [], ...before, ...item, properties, ...TIMES };
    kept.set(nameOf(item), after);
    return after;
  };
  const involved = (container: Item): object[] =>
    [...views.values()]
      .filter(({ properties }) =>
        Object.values(properties).some((each) => isStoredIn(each, container)),
      )
      .map(({ space, externalId, version }) => ({ type: 'view', space, externalId, version }));
  const service: SchemaService = {
    transport: undefined as never,
    ...{ containers, views },
    calls: [],
    answer,
  };
  const transport = memoryTransport(({ path, body: given }) => {
    const body: unknown =
      given instanceof Uint8Array ? JSON.parse(new TextDecoder().decode(given)) : given;
    const { items = [] } = Object(body) as { readonly items?: readonly Item[] };
    service.calls.push(path);
    const own = service.answer(path, items, service);
    if (own !== undefined) return own;
    const [, , kind = '', action] = path.split('/');
    const kept = { spaces, containers, views }[kind];
    if (kept === undefined) return { items: [] };
    if (action === 'byids')
      return structuredClone({ items: items.flatMap((item) => kept.get(nameOf(item)) ?? []) });
    if (action === 'inspect')
      return {
        items: items.map((item) => ({
          ...item,
          inspectionResults: { involvedViews: involved(item) },
        })),
      };
    if (action === undefined) return { items: items.map((item) => store(kept, item)) };
    const deleted = items.filter((item) => kept.has(nameOf(item)));
    for (const item of deleted) remove(item);
    return { items: deleted };
  });
  return Object.assign(service, { transport });
}
