import { badRequest } from '../errors.js';
import { get, post, type Route } from '../http/route.js';
import { array, boolean, needed, object, parse, text } from '../validation/schema.js';
import { unitOf } from './catalog.js';
import { SYSTEMS, UNITS } from './data.js';

const byIdsCheck = object({
  items: needed(array(object({ externalId: needed(text({ max: 255 })) }), { min: 1, max: 1000 })),
  ignoreUnknownIds: boolean,
});

/** The endpoints under `/units`: a fixed catalogue without paging. */
export function unitRoutes(): Route[] {
  const routes = [
    get('/units', () => ({ items: UNITS })),
    get('/units/systems', () => ({ items: SYSTEMS })),
    get('/units/:externalId', (call) => find([call.param('externalId')], false)),
    post('/units/byids', (body) => {
      const { items, ignoreUnknownIds = false } = parse(byIdsCheck, body);
      return find(
        items.map(({ externalId }) => externalId),
        ignoreUnknownIds,
      );
    }),
  ];
  return routes.map((route) => ({ ...route, bareErrors: true }));
}

function find(externalIds: readonly string[], ignoreUnknown: boolean): object {
  const missing = externalIds.filter((externalId) => unitOf(externalId) === undefined);
  if (missing.length > 0 && !ignoreUnknown) {
    throw badRequest(`Units not found: ${missing.join(', ')}`, {
      missing: missing.map((externalId) => ({ externalId })),
    });
  }
  return { items: externalIds.map(unitOf).filter((unit) => unit !== undefined) };
}
