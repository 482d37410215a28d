import { badRequest } from '../errors.js';
import type { SelectedSource } from '../instances/selection.js';
import type { SourceReference } from '../schema/model.js';
import { propertyName, sourceReferenceCheck, viewReferenceCheck } from '../schema/names.js';
import { limit } from '../validation/common.js';
import {
  anything,
  array,
  boolean,
  type Check,
  integer,
  isGiven,
  isObject,
  needed,
  object,
  oneOf,
  parse,
  text,
} from '../validation/schema.js';
import { type SortItem, sortCheck } from './sort.js';
import { type Debug, debugCheck, selectedSourcesCheck } from './sources.js';

const MAX_STEPS = 50;
const MAX_LIMIT = 10_000;
const MAX_EACH = 2000;
const MAX_SYNC_LIMIT = 2000;

export type Direction = 'outwards' | 'inwards';

interface Ordered {
  readonly sort?: readonly SortItem[] | undefined;
  readonly postSort?: readonly SortItem[] | undefined;
  readonly limit?: number | undefined;
}

/** The additional members of sync steps. */
interface Followed {
  readonly mode?: 'onePhase' | 'twoPhase' | 'noBackfill' | undefined;
  readonly backfillSort?: readonly SortItem[] | undefined;
  readonly skipAlreadyDeleted?: boolean | undefined;
}

export interface Through {
  readonly source: SourceReference;
  readonly identifier: string;
}

export interface NodesStep extends Ordered, Followed {
  readonly nodes: {
    readonly from?: string | undefined;
    readonly through?: Through | undefined;
    readonly chainTo?: 'source' | 'destination' | undefined;
    readonly direction?: Direction | undefined;
    readonly filter?: unknown;
  };
}

export interface EdgesStep extends Ordered, Followed {
  readonly edges: {
    readonly from?: string | undefined;
    readonly chainTo?: 'source' | 'destination' | undefined;
    readonly maxDistance?: number | undefined;
    readonly direction?: Direction | undefined;
    readonly filter?: unknown;
    readonly nodeFilter?: unknown;
    readonly terminationFilter?: unknown;
    readonly limitEach?: number | undefined;
  };
}

export type SetName = 'union' | 'unionAll' | 'intersection';

export interface SetStep extends Ordered {
  readonly operation: SetName;
  readonly members: readonly (string | SetStep)[];
  readonly except: readonly string[];
}

export type Step = NodesStep | EdgesStep | SetStep;

export interface Select {
  readonly sources?: readonly SelectedSource[] | undefined;
  readonly sort?: readonly SortItem[] | undefined;
  readonly limit?: number | undefined;
}

export interface QueryBody {
  readonly with: ReadonlyMap<string, Step>;
  readonly select: ReadonlyMap<string, Select>;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly cursors: ReadonlyMap<string, string>;
  readonly includeTyping: boolean;
  readonly allowExpired: boolean;
  readonly debug: Debug | undefined;
}

const through: Check<Through> = (value, path, problems) => {
  // The older form names a view, which says the same.
  if (isObject(value) && isGiven(value.view)) {
    const old = object({ view: needed(viewReferenceCheck), identifier: needed(propertyName) });
    const { view, identifier } = old(value, path, problems);
    return { source: view, identifier };
  }
  return object({ source: needed(sourceReferenceCheck), identifier: needed(propertyName) })(
    value,
    path,
    problems,
  );
};

const chainTo = oneOf('source', 'destination');
const direction = oneOf('outwards', 'inwards');
const nodes = strict('nodes', { from: text(), through, chainTo, direction, filter: anything });
const edgeFields = {
  from: text(),
  chainTo,
  maxDistance: integer({ min: 1 }),
  direction,
  filter: anything,
  nodeFilter: anything,
  terminationFilter: anything,
};
const edges = strict('edges', { ...edgeFields, limitEach: integer({ min: 1, max: MAX_EACH }) });
const syncEdges = strict('edges', edgeFields);
const size = limit(MAX_LIMIT);

const nodesStep = strict('', {
  nodes: needed(nodes),
  sort: sortCheck,
  limit: size,
}) as Check<unknown> as Check<NodesStep>;
const edgesStep = strict('', {
  edges: needed(edges),
  sort: sortCheck,
  postSort: sortCheck,
  limit: size,
}) as Check<unknown> as Check<EdgesStep>;
const followed = {
  limit: limit(MAX_SYNC_LIMIT),
  mode: oneOf('onePhase', 'twoPhase', 'noBackfill'),
  backfillSort: sortCheck,
  skipAlreadyDeleted: boolean,
};
const syncNodes = strict('', {
  nodes: needed(nodes),
  ...followed,
}) as Check<unknown> as Check<NodesStep>;
const syncEdgesStep = strict('', {
  edges: needed(syncEdges),
  ...followed,
}) as Check<unknown> as Check<EdgesStep>;

/** The most results that a set of a query combines. */
const MAX_MEMBERS = 50;

const setStep: Check<SetStep> = (value, path, problems) => {
  const given = value as Record<string, unknown>;
  const names = (['union', 'unionAll', 'intersection'] as const).filter((name) =>
    isGiven(given[name]),
  );
  const [operation = 'union'] = names;
  const member: Check<string | SetStep> = (each, place, found) =>
    typeof each === 'string' || !isObject(each)
      ? text()(each, place, found)
      : setStep(each, place, found);
  const shape = strict('', {
    [operation]: needed(array(member, { min: 1 })),
    except: array(text()),
    limit: size,
  });
  const checked = shape(value, path, problems) as Record<string, unknown>;
  const { except = [], limit: most } = checked as { except?: string[]; limit?: number };
  return {
    operation,
    members: (checked[operation] ?? []) as SetStep['members'],
    except,
    limit: most,
  };
};

/** How many results a set names, in the sets within it too. */
function sizeOf({ members, except }: SetStep): number {
  return members.reduce(
    (sum, each) => sum + (typeof each === 'string' ? 1 : sizeOf(each)),
    except.length,
  );
}

const queryStep: Check<Step> = (value, path, problems) => {
  if (isObject(value) && isGiven(value.edges)) return edgesStep(value, path, problems);
  if (isObject(value) && (value.union ?? value.unionAll ?? value.intersection) !== undefined) {
    const step = setStep(value, path, problems);
    if (sizeOf(step) > MAX_MEMBERS)
      problems.push(`${path} must have at most ${MAX_MEMBERS} members`);
    return step;
  }
  return nodesStep(value, path, problems);
};

const syncStep: Check<Step> = (value, path, problems) =>
  isObject(value) && isGiven(value.edges)
    ? syncEdgesStep(value, path, problems)
    : syncNodes(value, path, problems);

const querySelect: Check<Select> = strict('', {
  sources: selectedSourcesCheck,
  sort: sortCheck,
  limit: size,
}) as Check<Select>;
const syncSelect: Check<Select> = strict('', { sources: selectedSourcesCheck }) as Check<Select>;

const common = {
  parameters: ((value, path, problems) => {
    if (!isObject(value)) problems.push(`${path} must be an object`);
    return value;
  }) as Check<unknown>,
  cursors: namedMap(((value, path, problems) =>
    value === null ? null : text()(value, path, problems)) as Check<string | null>),
  includeTyping: boolean,
  debug: debugCheck,
};
const steps = { min: 1, max: MAX_STEPS };
const queryShape = strict('', {
  with: needed(namedMap(queryStep, steps)),
  select: needed(namedMap(querySelect, steps)),
  ...common,
});
const syncShape = strict('', {
  with: needed(namedMap(syncStep, steps)),
  select: needed(namedMap(syncSelect, steps)),
  allowExpiredCursorsAndAcceptMissedDeletes: boolean,
  ...common,
});

/** Reads the body of a query or a sync, and refuses steps that are named but not there. */
export function readQuery(body: unknown, kind: 'query' | 'sync'): QueryBody {
  const given = parse<Record<string, unknown>>(kind === 'query' ? queryShape : syncShape, body);
  const cursors = (given.cursors ?? new Map()) as ReadonlyMap<string, string | null>;
  const query: QueryBody = {
    with: given.with as QueryBody['with'],
    select: given.select as QueryBody['select'],
    parameters: (given.parameters ?? {}) as QueryBody['parameters'],
    cursors: new Map(
      [...cursors].flatMap(([name, cursor]) => (cursor === null ? [] : [[name, cursor] as const])),
    ),
    includeTyping: given.includeTyping === true,
    allowExpired: given.allowExpiredCursorsAndAcceptMissedDeletes === true,
    debug: given.debug as Debug | undefined,
  };
  for (const name of [...query.select.keys(), ...query.cursors.keys()])
    if (!query.with.has(name))
      throw badRequest(`Unknown result set expression '${name}': it is not in 'with'.`);
  return query;
}

/** An object whose unknown members are refused in the words of this service. */
function strict(name: string, shape: Parameters<typeof object>[0]): Check<Record<string, unknown>> {
  const check = object(shape) as Check<Record<string, unknown>>;
  return (value, path, problems) => {
    if (!isObject(value)) return check(value, path, problems);
    // Clients may write null for the members of other kinds of steps.
    const given = Object.fromEntries(Object.entries(value).filter(([, member]) => isGiven(member)));
    const unexpected = Object.keys(given).find((member) => !Object.hasOwn(shape, member));
    if (unexpected !== undefined)
      throw badRequest(
        `Unexpected field - ${[name, unexpected].filter((part) => part !== '').join('.')}`,
      );
    return check(given, path, problems);
  };
}

function namedMap<T>(
  check: Check<T>,
  limits: { min?: number; max?: number } = {},
): Check<Map<string, T>> {
  const { min = 0, max = MAX_STEPS } = limits;
  return (value, path, problems) => {
    if (!isObject(value)) {
      problems.push(`${path} must be an object`);
      return new Map();
    }
    const names = Object.keys(value);
    if (names.length < min || names.length > max)
      problems.push(`${path} size must be between ${min} and ${max}`);
    return new Map(names.map((name) => [name, check(value[name], `${path}.${name}`, problems)]));
  };
}
