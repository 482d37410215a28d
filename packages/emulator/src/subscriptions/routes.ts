import { ApiError, badRequest } from '../errors.js';
import { checkReferences, createCheck, patchFields, propertiesOf } from '../fields/derive.js';
import { applyPatch, patchOf } from '../fields/patch.js';
import { SUBSCRIPTIONS } from '../fields/subscriptions.js';
import { TIME_SERIES } from '../fields/time-series.js';
import { compileFilter } from '../filters/advanced.js';
import { type Call, get, post, type Route } from '../http/route.js';
import type { InstanceId, Reference, Stamped } from '../model/common.js';
import type { Member, Subscription } from '../model/subscription.js';
import type { TimeSeries } from '../model/time-series.js';
import { hashOf, page, readCursor, writeCursor } from '../resources/paging.js';
import { keysOf, type State } from '../state.js';
import { type Refusals, resolve, timeSeriesRefusals } from '../storage/references.js';
import { externalIdText, instanceId } from '../validation/common.js';
import {
  anything,
  array,
  boolean,
  type Check,
  needed,
  object,
  parse,
} from '../validation/schema.js';
import { subscriptionData } from './data.js';

const MAX_SUBSCRIPTIONS = 1000;
const MAX_FILTER_SUBSCRIPTIONS = 100;
const MAX_MEMBERS = 10_000;
const MAX_MEMBERS_PER_REQUEST = 100;
const MAX_PAGE = 100;
const PATH = '/timeseries/subscriptions';

const idList = array(externalIdText, { min: 1, max: MAX_MEMBERS_PER_REQUEST });
const instanceList = array(instanceId, { min: 1, max: MAX_MEMBERS_PER_REQUEST });
const itemCheck = createCheck<CreateItem>(SUBSCRIPTIONS, {
  timeSeriesIds: idList,
  instanceIds: instanceList,
  filter: anything,
});
const bodyCheck = object({ items: needed(array(itemCheck, { min: 1, max: 1 })) });
const keyItem = object({ externalId: needed(externalIdText) });
const keyCheck = object({
  items: needed(array(keyItem, { min: 1, max: 1 })),
  ignoreUnknownIds: boolean,
});

const listPatch = <T>(element: Check<T[]>): Check<{ set?: T[]; add?: T[]; remove?: T[] }> =>
  object({ set: element, add: element, remove: element }) as Check<{
    set?: T[];
    add?: T[];
    remove?: T[];
  }>;
const plainFields = patchFields(SUBSCRIPTIONS);
const plainPatch = patchOf(plainFields);
const updateShape = object({
  timeSeriesIds: listPatch(idList),
  instanceIds: listPatch(instanceList),
  filter: object({ set: anything }),
  ...Object.fromEntries(Object.keys(plainFields).map((name) => [name, anything])),
});
const updateCheck = object({
  items: needed(
    array(object({ externalId: needed(externalIdText), update: needed(updateShape) }), {
      min: 1,
      max: 1,
    }),
  ),
});

const refusals: Refusals = {
  missing: (missing) => badRequest('Subscriptions not found', { missing }),
  duplicated: (duplicated) => new ApiError(409, 'Subscriptions duplicated', { duplicated }),
  exists: (externalIds) =>
    new ApiError(409, 'Subscriptions already exist', {
      duplicated: externalIds.map((externalId) => ({ externalId })),
    }),
};

/** The endpoints for subscriptions to data points. */
export function subscriptionRoutes(state: State): Route[] {
  return [
    post(
      PATH,
      (body, call) => create(state, parse(bodyCheck, body).items[0] as CreateItem, call.requestId),
      201,
    ),
    get(PATH, (call) => {
      checkQuery(call, 'limit', 'cursor');
      return list(state, call);
    }),
    get(`${PATH}/members`, (call) => {
      checkQuery(call, 'limit', 'cursor', 'externalId');
      return members(state, call);
    }),
    post(`${PATH}/byids`, (body) => {
      const { items, ignoreUnknownIds } = parse(keyCheck, body);
      return answer(
        state,
        resolve(state.subscriptions, items, refusals, { ignoreUnknown: ignoreUnknownIds }),
      );
    }),
    post(`${PATH}/update`, (body, call) =>
      update(state, parse(updateCheck, body).items[0] as UpdateItem, call.requestId),
    ),
    post(`${PATH}/delete`, (body, call) => {
      const { items, ignoreUnknownIds } = parse(keyCheck, body);
      const doomed = resolve(state.subscriptions, items, refusals, {
        ignoreUnknown: ignoreUnknownIds,
      });
      const remove = (): readonly Subscription[] => {
        for (const { id } of doomed) {
          state.subscriptions.delete(id);
          state.subscriptionLog.remove(id);
        }
        return doomed;
      };
      state.write(call.requestId, 'subscriptions', 'delete', remove, keysOf);
      return {};
    }),
    post(`${PATH}/data/list`, async (body) => {
      const find = (externalId: string): Subscription =>
        resolve(state.subscriptions, [{ externalId }], refusals)[0] as Subscription;
      return await subscriptionData(state, body, find);
    }),
  ];
}

type CreateItem = Omit<Subscription, Stamped | 'members'> & {
  readonly timeSeriesIds?: readonly string[] | undefined;
  readonly instanceIds?: readonly InstanceId[] | undefined;
};

function create(state: State, item: CreateItem, requestId: string): object {
  const { timeSeriesIds, instanceIds, filter, ...rest } = item;
  if (filter !== undefined && (timeSeriesIds ?? instanceIds) !== undefined) {
    throw badRequest('A subscription has either a filter or a list of time series');
  }
  if (filter !== undefined)
    compileFilter(filter, propertiesOf(TIME_SERIES, state), { allowsSearch: false });
  checkReferences(SUBSCRIPTIONS, state, [item]);
  if (state.subscriptions.getByExternalId(item.externalId) !== undefined)
    throw refusals.exists([item.externalId]);
  checkCounts(state, filter !== undefined);
  const series = membersOf(state, [
    ...(timeSeriesIds ?? []).map((externalId) => ({ externalId })),
    ...(instanceIds ?? []).map((key) => ({ instanceId: key })),
  ]);
  const now = state.clock.now();
  const subscription: Subscription = {
    ...rest,
    ...(filter === undefined ? { members: series.map(memberOf) } : { filter }),
    id: state.subscriptions.newId(),
    createdTime: now,
    lastUpdatedTime: now,
  };
  const store = (): Subscription[] => {
    state.subscriptions.create(subscription);
    for (const one of currentMembers(state, subscription))
      state.subscriptionLog.changed(subscription, one, 'added', requestId);
    return [subscription];
  };
  state.write(requestId, 'subscriptions', 'create', store, keysOf);
  return answer(state, [subscription]);
}

interface Patch<T> {
  readonly set?: readonly T[];
  readonly add?: readonly T[];
  readonly remove?: readonly T[];
}

interface UpdateItem {
  readonly externalId: string;
  readonly update: {
    readonly timeSeriesIds?: Patch<string>;
    readonly instanceIds?: Patch<{ space: string; externalId: string }>;
    readonly filter?: { readonly set?: unknown };
    readonly [field: string]: unknown;
  };
}

function update(
  state: State,
  { externalId, update: patch }: UpdateItem,
  requestId: string,
): object {
  const before = resolve(state.subscriptions, [{ externalId }], refusals)[0] as Subscription;
  const { timeSeriesIds, instanceIds, filter, ...plain } = patch;
  const now = state.clock.now();
  let after: Subscription = {
    ...applyPatch(before, parse(plainPatch, plain), plainFields),
    lastUpdatedTime: now,
  };
  checkReferences(SUBSCRIPTIONS, state, [after]);
  if (filter?.set !== undefined) {
    if (before.filter === undefined)
      throw badRequest('A subscription by list cannot be given a filter');
    compileFilter(filter.set, propertiesOf(TIME_SERIES, state), { allowsSearch: false });
    after = { ...after, filter: filter.set };
  }
  if (timeSeriesIds !== undefined || instanceIds !== undefined) {
    if (before.filter !== undefined)
      throw badRequest('A subscription by filter cannot be given a list');
    after = {
      ...after,
      members: patchedMembers(state, before.members ?? [], timeSeriesIds ?? {}, instanceIds ?? {}),
    };
  }
  const store = (): Subscription[] => {
    const had = currentMembers(state, before);
    state.subscriptions.replace(after);
    const has = currentMembers(state, after);
    for (const one of has)
      if (!had.has(one)) state.subscriptionLog.changed(after, one, 'added', requestId);
    for (const one of had)
      if (!has.has(one)) state.subscriptionLog.changed(after, one, 'removed', requestId);
    return [after];
  };
  state.write(requestId, 'subscriptions', 'update', store, keysOf);
  return answer(state, [after]);
}

function patchedMembers(
  state: State,
  present: readonly Member[],
  byExternalId: Patch<string>,
  byInstance: Patch<{ space: string; externalId: string }>,
): Member[] {
  const keys = (name: 'set' | 'add' | 'remove'): Reference[] => [
    ...(byExternalId[name] ?? []).map((externalId) => ({ externalId })),
    ...(byInstance[name] ?? []).map((instance) => ({ instanceId: instance })),
  ];
  const isSet = byExternalId.set !== undefined || byInstance.set !== undefined;
  if (isSet && keys('add').length + keys('remove').length > 0)
    throw badRequest('An update has either set or add and remove');
  const textOf = ({ externalId, instanceId: instance }: Reference | Member): string =>
    JSON.stringify(instance ?? externalId);
  const gone = new Set(keys('remove').map(textOf));
  const kept = isSet ? [] : present.filter((member) => !gone.has(textOf(member)));
  const added = membersOf(state, isSet ? keys('set') : keys('add')).map(memberOf);
  const result = [
    ...new Map([...kept, ...added].map((member) => [textOf(member), member])).values(),
  ];
  if (result.length > MAX_MEMBERS)
    throw badRequest(`A subscription can have at most ${MAX_MEMBERS} time series`);
  return result;
}

function membersOf(state: State, references: readonly Reference[]): TimeSeries[] {
  return resolve(state.timeseries, references, timeSeriesRefusals, { allowRepeated: true });
}

function memberOf({ id, externalId, instanceId: instance }: TimeSeries): Member {
  return instance === undefined ? { id, externalId } : { id, instanceId: instance };
}

function currentMembers(state: State, subscription: Subscription): Set<TimeSeries> {
  if (subscription.filter === undefined) {
    const found = (subscription.members ?? []).map(({ id }) => state.timeseries.get(id));
    return new Set(found.filter((series) => series !== undefined));
  }
  const { matches } = compileFilter(subscription.filter, propertiesOf(TIME_SERIES, state), {
    allowsSearch: false,
  });
  return new Set(
    [...state.timeseries.items()].filter(
      (series) => series.securityCategories.length === 0 && matches(series),
    ),
  );
}

function checkCounts(state: State, byFilter: boolean): void {
  if (state.subscriptions.size >= MAX_SUBSCRIPTIONS)
    throw badRequest(`A project has at most ${MAX_SUBSCRIPTIONS} subscriptions`);
  const filters = [...state.subscriptions.items()].filter(
    ({ filter }) => filter !== undefined,
  ).length;
  if (byFilter && filters >= MAX_FILTER_SUBSCRIPTIONS) {
    throw badRequest(`A project has at most ${MAX_FILTER_SUBSCRIPTIONS} subscriptions by filter`);
  }
}

function list(state: State, call: Call): object {
  const found = page(state.subscriptions, {
    limit: limitOf(call),
    cursor: call.query.get('cursor') ?? undefined,
    fingerprint: null,
    partitionsAboveTen: 'refuse',
  });
  const { items } = answer(
    state,
    found.entries.map(({ item }) => item),
  ) as { items: object[] };
  return { items, nextCursor: found.nextCursor };
}

function members(state: State, call: Call): object {
  const externalId = call.query.get('externalId');
  if (externalId === null) throw badRequest('externalId is needed');
  const subscription = resolve(state.subscriptions, [{ externalId }], refusals)[0] as Subscription;
  const all: Member[] =
    subscription.members?.slice() ?? [...currentMembers(state, subscription)].map(memberOf);
  const mark = hashOf(['members', subscription.id]);
  const cursor = call.query.get('cursor');
  const from = cursor === null ? 0 : readCursor(cursor, mark);
  const end = from + limitOf(call);
  const items = all
    .slice(from, end)
    .map(({ id, ...key }) => (state.timeseries.get(id) === undefined ? key : { id, ...key }));
  return { items, ...(end < all.length ? { nextCursor: writeCursor(mark, end) } : {}) };
}

function checkQuery(call: Call, ...known: readonly string[]): void {
  for (const name of call.query.keys())
    if (!known.includes(name)) throw badRequest(`Unknown query parameter: ${name}`);
}

function limitOf(call: Call): number {
  const limit = Number(call.query.get('limit') ?? 100);
  if (!Number.isInteger(limit) || limit < 1) throw badRequest('limit must be at least 1');
  // An official client asks for 1000, and gets 100.
  return Math.min(limit, MAX_PAGE);
}

function answer(state: State, subscriptions: readonly Subscription[]): object {
  return {
    items: subscriptions.map((subscription) => {
      const { id: _own, members: list_, ...rest } = subscription;
      return {
        ...rest,
        timeSeriesCount: list_?.length ?? currentMembers(state, subscription).size,
      };
    }),
  };
}
