import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { readSeries, type WirePoint, type WireSeries, writeSeries } from './protobuf.js';
import { below, pick } from './random.js';
import { type Answer, type Lie, type LieContext, MOST_PIECES } from './server.js';

type Json = Record<string, unknown>;
/** Objects, or values put in their place. */
type List = unknown[];

const PAGE =
  '<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body>Sign in</body></html>';
const json = (status: number, value: unknown): Answer => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: Buffer.from(value === undefined ? '' : JSON.stringify(value)),
});
const MIB = 2 ** 20;
/** A member of a gzip stream: any number of them one after the other are one stream. */
const ZEROS = gzipSync(Buffer.alloc(16 * MIB), { level: 1 });
const BROTLI_ZEROS = brotliCompressSync(Buffer.alloc(64 * MIB), {
  params: { [constants.BROTLI_PARAM_QUALITY]: 1 },
});

/** An answer that has nothing of the honest one. */
const instead = (name: string, make: (context: LieContext) => Answer): Lie => ({
  name,
  canWithhold: true,
  tell: (_, context) => make(context),
});

/** The honest answer, sent in another way. */
const sent = (
  name: string,
  how: (answer: Answer, context: LieContext) => Partial<Answer> | undefined,
): Lie => ({
  name,
  tell(answer, context) {
    const changes = how(answer, context);
    return changes && { ...answer, ...changes };
  },
});

const isProtobuf = ({ headers }: Answer): boolean =>
  headers['content-type']?.includes('protobuf') === true;

/** A parsed answer of JSON, changed. */
const edited = (
  name: string,
  edit: (value: Json, context: LieContext) => Json | undefined,
): Lie => ({
  name,
  tell(answer, context) {
    if (isProtobuf(answer) || answer.body.length === 0) return undefined;
    const value = JSON.parse(answer.body.toString()) as Json;
    const changed = edit(value, context);
    return changed && { ...answer, body: Buffer.from(JSON.stringify(changed)) };
  },
});

/** Where an answer has its list. */
const LISTS = ['updates', 'projects', 'items'];

/** The list of an answer of JSON, changed; of a query, that of one of its steps. */
const listed = (name: string, edit: (items: List, context: LieContext) => List | undefined): Lie =>
  edited(name, (value, context) => {
    const place = LISTS.find((each) => Array.isArray(value[each]));
    if (place !== undefined) {
      const items = edit([...(value[place] as List)], context);
      return items && { ...value, [place]: items };
    }
    // A new file is answered alone.
    const steps = isJson(value.items) ? Object.entries(value.items) : [];
    for (const [step, list] of shuffled(steps, context)) {
      const items = Array.isArray(list) ? edit([...list], context) : undefined;
      if (items !== undefined)
        return { ...value, items: { ...(value.items as Json), [step]: items } };
    }
    return undefined;
  });

const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function shuffled<T>(items: readonly T[], { random }: LieContext): T[] {
  const start = below(random, Math.max(1, items.length));
  return [...items.slice(start), ...items.slice(0, start)];
}

/** The properties of one instance of a graph, changed. */
const ofInstance = (name: string, edit: (item: Json, properties: Json) => Json): Lie =>
  listed(name, (items, { random }) => {
    const some = items.filter((item) => propertiesOf(item) !== undefined) as Json[];
    if (some.length === 0) return undefined;
    const chosen = pick(random, some);
    items[items.indexOf(chosen)] = edit(chosen, propertiesOf(chosen) as Json);
    return items;
  });

/** The properties that an instance has in the requested view. */
function propertiesOf(item: unknown): Json | undefined {
  const [space] = isJson(item) && isJson(item.properties) ? Object.values(item.properties) : [];
  const [properties] = isJson(space) ? Object.values(space) : [];
  return isJson(properties) && typeof properties.name === 'string' ? properties : undefined;
}

/** The same instance with other properties. */
function withProperties(item: Json, properties: Json): Json {
  const [[space, views]] = Object.entries(item.properties as Json) as [[string, Json]];
  const [view] = Object.keys(views) as [string];
  return { ...item, properties: { [space]: { [view]: properties } } };
}

/** Series and their points, changed, whatever the encoding. */
const pointed = (
  name: string,
  edit: (series: WireSeries[], context: LieContext) => WireSeries[] | undefined,
): Lie => ({
  name,
  tell(answer, context) {
    if (isProtobuf(answer)) {
      const changed = edit(readSeries(answer.body), context);
      return changed && { ...answer, body: writeSeries(changed) };
    }
    const value = JSON.parse(answer.body.toString()) as { items: WireSeries[] };
    const changed = edit(value.items, context);
    return changed && json(answer.status, { ...value, items: changed });
  },
});

/** The points of one series that has enough of them, changed. */
const ofPoints = (
  name: string,
  least: number,
  edit: (points: WirePoint[], context: LieContext) => WirePoint[] | undefined,
): Lie =>
  pointed(name, (series, context) => {
    const long = series.filter(({ datapoints }) => datapoints.length >= least);
    if (long.length === 0) return undefined;
    const chosen = pick(context.random, long);
    const points = edit([...chosen.datapoints], context);
    if (points === undefined) return undefined;
    chosen.datapoints = points;
    return series;
  });

/** Replaces an element of an item. */
const element = (name: string, value: unknown): Lie =>
  listed(name, (items, { random }) => {
    if (items.length === 0) return undefined;
    items[below(random, items.length)] = value;
    return items;
  });

/** The same thing under another identity. */
function foreign(item: unknown, { random }: LieContext): unknown {
  const number = 7_000_000_000 + below(random, 1_000_000);
  const { instanceId: _, ...rest } = item as Json;
  const names: Json = {};
  if ('id' in rest) names.id = number;
  if ('externalId' in rest) names.externalId = `foreign-${number}`;
  else if ('space' in rest) names.space = `foreign-${number}`;
  if ('name' in rest) names.name = `foreign ${number}`;
  return { ...rest, ...names };
}

/** Where a cursor stands: in an answer, in a series of it, or beside a step of a query. */
interface CursorPlace {
  readonly honest: string;
  /** The cursor that was sent for this page. */
  readonly sent: string | undefined;
  /** Cursors that earlier answers gave in that place, oldest first. */
  readonly earlier: readonly string[];
}

/** A cursor in place of the honest one. */
const cursor = (name: string, make: (place: CursorPlace, context: LieContext) => unknown): Lie => {
  const replaceIn = (
    value: Json,
    key: string,
    sent: unknown,
    context: LieContext,
    step?: string,
  ): boolean => {
    const honest = value?.[key];
    if (typeof honest !== 'string') return false;
    const place = {
      honest,
      sent: typeof sent === 'string' ? sent : undefined,
      earlier: context.cursorsOf(step),
    };
    const next = make(place, context);
    if (next === undefined) return false;
    value[key] = next;
    return true;
  };
  const replace = (value: object, sent: unknown, context: LieContext): boolean =>
    replaceIn(value as Json, 'nextCursor', sent, context);
  const replaceOfSteps = (cursors: unknown, sent: unknown, context: LieContext): boolean =>
    isJson(cursors) &&
    Object.keys(cursors).filter((step) =>
      replaceIn(cursors, step, isJson(sent) ? sent[step] : undefined, context, step),
    ).length > 0;
  /** Series come in the order of the request. */
  const replaceAll = (list: readonly object[], context: LieContext): boolean => {
    const asked = (context.request.json?.items ?? []) as readonly { readonly cursor?: unknown }[];
    return list.filter((each, index) => replace(each, asked[index]?.cursor, context)).length > 0;
  };
  return {
    name,
    tell(answer, context) {
      if (answer.body.length === 0) return undefined;
      if (isProtobuf(answer)) {
        const series = readSeries(answer.body);
        // Protobuf has no null and no numbers in the place of a string.
        const applies = replaceAll(series, context);
        if (!applies || series.some(({ nextCursor }) => typeof nextCursor === 'number'))
          return undefined;
        return { ...answer, body: writeSeries(series) };
      }
      const value = JSON.parse(answer.body.toString()) as {
        nextCursor?: unknown;
        items?: unknown;
        partitions?: unknown;
      };
      const { json: asked, query } = context.request;
      const isOuter = replace(value, asked?.cursor ?? query.get('cursor'), context);
      const inner = [value.items, value.partitions].filter(Array.isArray) as object[][];
      const isInner = inner.filter((list) => replaceAll(list, context)).length > 0;
      const isStep = replaceOfSteps(value.nextCursor, asked?.cursors, context);
      return isOuter || isInner || isStep
        ? { ...answer, body: Buffer.from(JSON.stringify(value)) }
        : undefined;
    },
  };
};

/** Where a body is first divided. */
function pieceStart(body: Buffer, piece: number, { random }: LieContext): number {
  return below(random, Math.max(1, body.length - piece * MOST_PIECES));
}

/** Everything that the liar can say. Verdicts stand in the table of the suite. */
export const LIES: readonly Lie[] = [
  // Another form.
  instead('HTML page', () => ({
    ...json(200, undefined),
    headers: { 'content-type': 'text/html' },
    body: Buffer.from(PAGE),
  })),
  instead('HTML page without a type', () => ({
    status: 200,
    headers: {},
    body: Buffer.from(PAGE),
  })),
  instead('redirect to a page', () => ({
    status: 302,
    headers: { location: '/sign-in' },
    body: Buffer.from(''),
  })),
  instead('200 with an error', () =>
    json(200, { error: { code: 500, message: 'Internal error' } }),
  ),
  instead('JSON array', () => json(200, [{ id: 1 }])),
  instead('JSON string', () => json(200, 'ok')),
  instead('JSON number', () => json(200, 7)),
  edited('items missing', (value) => {
    const { items: _1, updates: _2, partitions: _3, projects: _4, id: _5, ...rest } = value;
    return rest;
  }),
  edited('items null', (value) => ({
    ...value,
    ...(value.projects
      ? { projects: null }
      : value.partitions
        ? { partitions: null }
        : { items: null }),
  })),
  edited('items an object', (value) => ({
    ...value,
    ...(value.projects ? { projects: {} } : value.partitions ? { partitions: {} } : { items: {} }),
  })),
  sent('JSON null', () => ({ ...json(200, null) })),
  sent('empty body', ({ status }) => ({ ...json(status, undefined) })),
  sent('status 201', () => ({ status: 201 })),
  sent('status 202', () => ({ status: 202 })),
  sent('status 204', () => ({ status: 204 })),
  sent('status 500', () => json(500, { error: { code: 500, message: 'Internal error' } })),
  sent('status 503', () => json(503, { error: { code: 503, message: 'Busy' } })),

  // Another body.
  sent('pieces of a byte', ({ body }, context) =>
    body.length > 1 ? { piece: 1, piecesFrom: pieceStart(body, 1, context) } : undefined,
  ),
  sent('pieces', ({ body }, context) => {
    if (body.length <= 2) return undefined;
    const piece = 2 + below(context.random, Math.min(65_534, body.length - 2));
    return { piece, piecesFrom: pieceStart(body, piece, context) };
  }),
  sent('late', (_, { random }) => ({ lateBy: below(random, 30) })),
  sent('gzip', ({ headers, body }) => ({
    headers: { ...headers, 'content-encoding': 'gzip' },
    body: gzipSync(body),
  })),
  sent('cut', ({ body }, { random }) => ({ cutAfter: below(random, body.length) })),
  { name: 'connection lost', tell: () => 'reset' },
  sent('silence', () => ({ silentAfter: -1 })),
  sent('silence in the body', ({ body }, { random }) => ({
    silentAfter: below(random, body.length),
  })),
  sent('gzip bomb', ({ headers }) => ({
    headers: { ...headers, 'content-encoding': 'gzip' },
    body: ZEROS,
    isEndless: true,
  })),
  sent('brotli bomb', ({ headers }) => ({
    headers: { ...headers, 'content-encoding': 'br' },
    body: BROTLI_ZEROS,
  })),
  sent('endless body', ({ headers }) => ({
    headers,
    body: Buffer.alloc(16_384, 0x20),
    isEndless: true,
  })),
  sent('gzip that is not gzip', ({ headers, body }) => ({
    headers: { ...headers, 'content-encoding': 'gzip' },
    body,
  })),
  sent('longer than it says', ({ body }, { random }) =>
    body.length > 4 ? { length: body.length - 1 - below(random, 3) } : undefined,
  ),
  sent('shorter than it says', ({ body }, { random }) => ({
    length: body.length + 1 + below(random, 1000),
  })),
  sent('cut with a true length', ({ body }, { random }) =>
    body.length > 4 ? { body: body.subarray(0, body.length - 1 - below(random, 3)) } : undefined,
  ),

  // Other items.
  listed('item dropped', (items, { random }) => {
    if (items.length === 0) return undefined;
    items.splice(below(random, items.length), 1);
    return items;
  }),
  listed('item doubled', (items, { random }) => {
    if (items.length === 0) return undefined;
    const index = below(random, items.length);
    // Behind the first: the order stays that of the honest answer.
    items.splice(index + 1 + below(random, items.length - index), 0, items[index]);
    return items;
  }),
  listed('items swapped', (items, { random }) => {
    if (items.length < 2) return undefined;
    const index = below(random, items.length - 1);
    [items[index], items[index + 1]] = [items[index + 1], items[index]];
    return items;
  }),
  listed('item foreign', (items, context) => {
    if (items.length === 0) return undefined;
    const index = below(context.random, items.length);
    items[index] = foreign(items[index], context);
    return items;
  }),
  listed('foreign item added', (items, context) => {
    if (items.length === 0) return undefined;
    items.push(foreign(pick(context.random, items), context));
    return items;
  }),
  listed('item emptied', (items, { random }) => {
    if (items.length === 0) return undefined;
    items[below(random, items.length)] = {};
    return items;
  }),
  listed('value changed', (items, { random }) => {
    const objects = items.filter((item) => typeof item === 'object' && item !== null) as Json[];
    if (objects.length === 0) return undefined;
    const chosen = pick(random, objects);
    const properties = propertiesOf(chosen);
    if (properties !== undefined) {
      items[items.indexOf(chosen)] = withProperties(chosen, {
        ...properties,
        name: changed(properties.name),
      });
      return items;
    }
    const name = CHANGEABLE.find((each) => each in chosen);
    if (name === undefined) return undefined;
    items[items.indexOf(chosen)] = { ...chosen, [name]: changed(chosen[name]) };
    return items;
  }),
  element('element null', null),
  element('element string', 'item'),
  element('element number', 42),
  element('element array', [{ id: 1 }]),
  listed('count a string', (items) =>
    items.length === 0 ? undefined : items.map((item) => ({ ...(item as Json), count: 'many' })),
  ),

  // Other cursors.
  cursor('cursor null', () => null),
  cursor('cursor empty', () => ''),
  cursor('cursor number', () => 7),
  cursor('cursor repeated', ({ sent }) => sent),
  cursor('cursors alternating', ({ honest, earlier }) => {
    const before = earlier.length < 2 ? undefined : earlier.at(-2);
    return before === honest ? undefined : before;
  }),
  cursor('cursor unknown', (_, { count }) => `made-up-${count}`),
  edited('empty page', (value) => {
    if (Array.isArray(value.items))
      return value.items.length > 0 ? { ...value, items: [] } : undefined;
    return isJson(value.items) && Object.values(value.items).flat().length > 0
      ? { ...value, items: emptied(value.items) }
      : undefined;
  }),
  {
    name: 'endless empty pages',
    isInvented: true,
    tell: (answer, { count, request }) => {
      const steps = request.json?.with;
      if (request.path === '/timeseries/data/list')
        return json(answer.status, {
          items: seriesWithoutPoints(request.json?.items, `more-${count}`),
        });
      const page = isJson(steps)
        ? { items: emptied(steps), nextCursor: mapped(steps, () => `more-${count}`) }
        : { items: [], nextCursor: `more-${count}` };
      return { ...json(answer.status, page) };
    },
  },

  // Other instances of a graph.
  ofInstance('property of another type', (item, properties) =>
    withProperties(item, { ...properties, name: 7 }),
  ),
  ofInstance('property missing', (item, { name: _, ...properties }) =>
    withProperties(item, properties),
  ),
  ofInstance('edge for a node', (item) => ({
    ...item,
    instanceType: item.instanceType === 'edge' ? 'node' : 'edge',
  })),
  ofInstance('version missing', ({ version: _, ...item }) => item),
  edited('step missing', (value, { random }) => {
    if (!isJson(value.items)) return undefined;
    const { [pick(random, Object.keys(value.items))]: _, ...items } = value.items;
    return { ...value, items };
  }),
  edited('step added', (value) =>
    isJson(value.items)
      ? { ...value, items: { ...value.items, foreign: [{ foreign: true }] } }
      : undefined,
  ),
  listed('number a string', (items) => {
    const [first] = items;
    const aggregates = isJson(first) ? first.aggregates : undefined;
    if (!Array.isArray(aggregates)) return undefined;
    items[0] = {
      ...(first as Json),
      aggregates: aggregates.map((each) => ({ ...(each as Json), value: 'many' })),
    };
    return items;
  }),
  listed('group missing', (items, { random }) => {
    const index = below(random, items.length);
    const item = items[index];
    if (!isJson(item) || !isJson(item.group)) return undefined;
    const { group: _, ...rest } = item;
    items[index] = rest;
    return items;
  }),
  edited('counts missing', ({ instances, ...rest }) =>
    instances === undefined ? undefined : rest,
  ),

  // Other points.
  ofPoints('point dropped', 1, (points, { random }) => {
    points.splice(below(random, points.length), 1);
    return points;
  }),
  ofPoints('point doubled', 1, (points, { random }) => {
    const index = below(random, points.length);
    points.splice(index, 0, points[index] as WirePoint);
    return points;
  }),
  ofPoints('times descend', 2, (points, { random }) => {
    const index = below(random, points.length - 1);
    const [left, right] = [points[index] as WirePoint, points[index + 1] as WirePoint];
    points[index] = { ...left, timestamp: right.timestamp };
    points[index + 1] = { ...right, timestamp: left.timestamp };
    return points;
  }),
  ofPoints('point behind the window', 1, (points) => {
    points[points.length - 1] = { ...(points.at(-1) as WirePoint), timestamp: 4_000_000_000_000 };
    return points;
  }),
  ofPoints('point before the window', 1, (points) => {
    points[0] = { ...(points[0] as WirePoint), timestamp: 1000 };
    return points;
  }),
  ofPoints('time missing', 1, (points, { random }) => {
    const index = below(random, points.length);
    const { timestamp: _, ...rest } = points[index] as WirePoint;
    points[index] = rest;
    return points;
  }),
  ofPoints('point value changed', 1, (points, { random }) => {
    const index = below(random, points.length);
    const point = points[index] as WirePoint;
    const name = ['average', 'value', 'max'].find((each) => each in point);
    if (name === undefined) return undefined;
    points[index] = { ...point, [name]: changed(point[name]) };
    return points;
  }),
  ofPoints('point value missing', 1, (points, { random }) => {
    const index = below(random, points.length);
    const { value: _1, average: _2, ...rest } = points[index] as WirePoint;
    points[index] = rest as WirePoint;
    return points;
  }),
  // One of several aggregates: in protobuf, whichever comes first.
  ofPoints('aggregate missing', 1, (points, { random }) => {
    const index = below(random, points.length);
    const { rest, max, ...point } = points[index] as WirePoint & { rest?: unknown[] };
    if (rest === undefined && max === undefined) return undefined;
    if (rest !== undefined && rest.length < 2) return undefined;
    points[index] = rest === undefined ? point : { ...point, rest: rest.slice(1) };
    return points;
  }),
  pointed('series dropped', (series) => (series.length === 0 ? undefined : series.slice(1))),
  pointed('series doubled', (series) =>
    series[0] === undefined ? undefined : [...series, series[0]],
  ),
  pointed('series swapped', (series) => (series.length < 2 ? undefined : [...series].reverse())),
  pointed('series foreign', (series, { random }) => {
    if (series.length === 0) return undefined;
    const chosen = pick(random, series);
    chosen.id = 7_000_000 + below(random, 1000);
    if (chosen.externalId !== undefined) chosen.externalId = 'foreign';
    return series;
  }),
  pointed('series without points', (series, { random }) => {
    const some = series.filter(({ datapoints }) => datapoints.length > 0);
    if (some.length === 0) return undefined;
    pick(random, some).datapoints = [];
    return series;
  }),
  // JSON only.
  edited('points no list', (value) => withPoints(value, () => 'points')),
  edited('point null', (value, { random }) =>
    withPoints(value, (points) => {
      const place = below(random, points.length);
      return points.map((point, index) => (index === place ? null : point));
    }),
  ),
  edited('time a string', (value) =>
    withPoints(value, (points) =>
      points.map((point) => ({ ...(point as Json), timestamp: '1970-01-01' })),
    ),
  ),
  edited('value a string', (value) =>
    withPoints(value, (points) => points.map((point) => ({ ...(point as Json), value: 'much' }))),
  ),
];

/** Fields that may change without changing the identity. */
const CHANGEABLE = [
  ...['name', 'description', 'type', 'count', 'downloadUrl', 'groups', 'upserts', 'isString'],
  ...['isGlobal', 'aggregates'],
];

function mapped(value: Json, make: () => unknown): Json {
  return Object.fromEntries(Object.keys(value).map((key) => [key, make()]));
}

/** Empty pages of the requested series. */
function seriesWithoutPoints(asked: unknown, nextCursor: string): Json[] {
  return (asked as Json[]).map(({ id = 1, externalId }) => {
    return { id, externalId, isString: false, isStep: false, datapoints: [], nextCursor };
  });
}

function emptied(steps: Json): Json {
  return mapped(steps, () => []);
}

function changed(value: unknown): unknown {
  if (typeof value === 'number') return value + 1;
  if (typeof value === 'string') return `${value}~`;
  if (typeof value === 'boolean') return !value;
  if (!Array.isArray(value)) return value;
  const [first, ...rest] = value;
  // A number of a group.
  return isJson(first) && typeof first.value === 'number'
    ? [{ ...first, value: first.value + 1 }, ...rest]
    : rest;
}

/** Changes the points of the first series that has some. */
function withPoints(value: Json, edit: (points: List) => unknown): Json | undefined {
  const items = value.items as Json[];
  const index = items.findIndex(
    ({ datapoints }) => Array.isArray(datapoints) && datapoints.length > 0,
  );
  if (index < 0) return undefined;
  return {
    ...value,
    items: items.map((item, each) =>
      each === index ? { ...item, datapoints: edit(item.datapoints as List) } : item,
    ),
  };
}
