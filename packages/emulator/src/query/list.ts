import { exactJsonText } from '../http/exact-json.js';
import { markOf, positionCursor, readPosition } from '../http/position-cursor.js';
import { JsonText } from '../http/route.js';
import type { InstanceType } from '../instances/entry.js';
import type { SelectedSource, Selections } from '../instances/selection.js';
import type { State } from '../state.js';
import { limit } from '../validation/common.js';
import { anything, boolean, type Check, object, oneOf, parse, text } from '../validation/schema.js';
import { allOf } from './condition.js';
import { compileFilter, viewCondition } from './filter.js';
import { pageOf } from './pages.js';
import type { FilterContext } from './property-reference.js';
import { asPosition, orderOf, type SortItem, sortCheck } from './sort.js';
import { checkViewUse, type Debug, debugCheck, sourcesCheck } from './sources.js';

const MAX_LIMIT = 1000;

interface ListBody {
  readonly instanceType?: InstanceType | undefined;
  readonly sources?: readonly SelectedSource[] | undefined;
  readonly filter?: unknown;
  readonly sort?: readonly SortItem[] | undefined;
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
  readonly includeTyping?: boolean | undefined;
  readonly debug?: Debug | undefined;
}

const check: Check<ListBody> = object({
  instanceType: oneOf('node', 'edge'),
  sources: sourcesCheck,
  filter: anything,
  sort: sortCheck,
  limit: limit(MAX_LIMIT),
  cursor: text(),
  includeTyping: boolean,
  debug: debugCheck,
}) as Check<ListBody>;

/** POST /models/instances/list */
export function listInstances(state: State, selections: Selections, body: unknown): JsonText {
  const request = parse(check, body ?? {});
  const {
    instanceType = 'node',
    sources,
    filter,
    sort,
    limit: size = MAX_LIMIT,
    cursor,
    debug,
  } = request;
  const context: FilterContext = { schema: state.schema, instances: state.instances, instanceType };
  const selection = selections.get(sources);
  checkViewUse(selection.views, instanceType);
  const condition = allOf([
    ...selection.views.map((view) => viewCondition(view, context)),
    compileFilter(filter, context),
  ]);
  const mark = markOf(['list', instanceType, sources ?? null, filter ?? null, sort ?? null]);
  const order = orderOf(sort, context);
  const after = cursor === undefined ? undefined : asPosition(readPosition(cursor, mark));
  const typing =
    request.includeTyping === true ? `,"typing":${exactJsonText(selection.typing())}` : '';
  const notices = debug === undefined ? '' : ',"debug":{"notices":[]}';
  if (debug?.emitResults === false) return new JsonText(`{"items":[]${typing}${notices}}`);
  const page = pageOf(state.instances, { instanceType, condition, order, limit: size, after });
  const next = page.more ? `,"nextCursor":"${positionCursor(mark, page.last)}"` : '';
  return new JsonText(
    `{"items":[${page.entries.map(selection.textOf).join(',')}]${next}${typing}${notices}}`,
  );
}
