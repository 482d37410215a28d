import type { CallOptions, Transport } from '@cdf/core';
import { Cursors, readObject, readPage, unexpected } from '@cdf/core/resource';
import { checkView, isChecked } from '../nodes/checked-views.js';
import { loadDifferences } from '../nodes/instances.js';
import type { AnyView } from '../view/definition.js';
import { toSource } from '../view/properties.js';
import { holdsBigint } from '../wire/holds-bigint.js';
import { timesAt } from '../wire/parameters.js';
import { readName, type WireInstance } from '../wire/reader.js';
import { referenceKey } from '../wire/references.js';
import { send } from '../wire/send.js';

// A query is a tree of steps. The API gives a page of each, and a page of a step belongs to the
// page of the step that it starts from: to read a step on, its ancestors stand still.

/** Items that the API gives of one step. */
export const MOST_PER_STEP = 10_000;
/** Steps of one query. */
export const MOST_STEPS = 50;
const LABEL = 'POST /models/instances/query';

/** A step of a query. */
export interface Step {
  /** The name of the step in the request. */
  readonly name: string;
  readonly parent: Step | undefined;
  readonly children: Step[];
  /** The step in the API's form, without `limit`. Relative times may be open. */
  readonly wire: Readonly<Record<string, unknown>>;
  readonly limit: number;
  /** Absent for edges whose properties are not read. */
  readonly view: AnyView | undefined;
  /**
   * Properties that are read: all of them, or those named. Set when it is known what is asked of
   * the step.
   */
  properties: readonly string[] | undefined;
}

/** The items that the steps of a query gave, by the names of the steps; each instance once. */
export type StepItems = ReadonlyMap<string, Map<string, WireInstance>>;

/** Where a query is sent, and what it is given. */
export interface QueryContext {
  readonly transport: Transport;
  readonly isExact: boolean;
  readonly parameters?: Readonly<Record<string, unknown>> | undefined;
  /** When the use of the question began: its relative times are those of then. */
  readonly now: number;
}

/**
 * A page of a root, with everything below it. Every request of it is the same question, since the
 * API takes a cursor for the question that gave it: what comes again is passed over.
 *
 * @param cursor of the root
 * @param limit nodes of the page
 * @returns the items, and the cursor of the root's next page
 */
export async function readTree(
  context: QueryContext,
  root: Step,
  cursor: string | undefined,
  limit: number,
  options: CallOptions,
): Promise<{ readonly items: StepItems; readonly nextCursor: string | undefined }> {
  const items = new Map<string, Map<string, WireInstance>>();
  const steps = descendants(root);
  const first: Record<string, string> = cursor === undefined ? {} : { [root.name]: cursor };
  const answer = await ask(context, steps, steps, first, { [root.name]: limit }, items, options);
  const readOn = async (
    step: Step,
    ancestors: Readonly<Record<string, string>>,
    next: string,
  ): Promise<void> => {
    const below = descendants(step);
    const sent = new Cursors(LABEL);
    for (let position: string | undefined = sent.next(next, 1); position !== undefined; ) {
      const cursors: Record<string, string> = { ...ancestors, [step.name]: position };
      const page = await ask(
        context,
        steps,
        below,
        cursors,
        { [root.name]: limit },
        items,
        options,
      );
      for (const child of below) {
        const rest = page.next[child.name];
        if (child !== step && rest !== undefined) await readOn(child, cursors, rest);
      }
      const { [step.name]: more } = page.next;
      position = more && sent.next(more, page.counts[step.name] ?? 0);
    }
  };
  for (const step of steps) {
    const next = answer.next[step.name];
    if (step !== root && next !== undefined) await readOn(step, first, next);
  }
  return { items, nextCursor: answer.next[root.name] };
}

/** A step and all that start from it, parents first. */
export function descendants(step: Step): Step[] {
  return [step, ...step.children.flatMap(descendants)];
}

/** The cursors of steps that have more, and how many items came of each. */
interface StepPages {
  readonly next: Readonly<Record<string, string>>;
  readonly counts: Readonly<Record<string, number>>;
}

/**
 * Sends a query, and adds what it gives of the steps that are read.
 *
 * @returns the cursors of those that have more
 */
async function ask(
  { transport, isExact, parameters, now }: QueryContext,
  steps: readonly Step[],
  read: readonly Step[],
  cursors: Readonly<Record<string, string>>,
  limits: Readonly<Record<string, number>>,
  items: Map<string, Map<string, WireInstance>>,
  options: CallOptions,
): Promise<StepPages> {
  const unchecked = read.filter(
    ({ view }) => view !== undefined && !isChecked({ transport, view }),
  );
  const body = {
    with: Object.fromEntries(
      steps.map(({ name, wire, limit }) => [
        name,
        { ...timesAt(wire, now), limit: limits[name] ?? limit },
      ]),
    ),
    select: Object.fromEntries(steps.map((step) => [step.name, selection(step)])),
    cursors,
    parameters,
    includeTyping: unchecked.length > 0,
  };
  const request = {
    path: '/instances/query',
    body,
    lane: 'query',
    idempotent: true,
    isExact: isExact || holdsBigint(body),
  } as const;
  const answer = readObject(await send(transport, request, options), LABEL) as {
    readonly items?: unknown;
    readonly nextCursor?: unknown;
    readonly typing?: Readonly<Record<string, unknown>>;
  };
  for (const { view, name } of unchecked)
    await checkView(
      { transport, view: view as AnyView },
      answer,
      loadDifferences,
      Object(answer.typing)[name],
    );
  const next: Record<string, string> = {};
  const counts: Record<string, number> = {};
  for (const step of read) {
    const most = limits[step.name] ?? step.limit;
    const page = readPage<object>(
      { items: Object(answer.items)[step.name], nextCursor: Object(answer.nextCursor)[step.name] },
      `${LABEL}: ${step.name}`,
    );
    if (page.items.length > most)
      throw unexpected(
        LABEL,
        `${step.name} has ${page.items.length} items, expected at most ${most}`,
      );
    counts[step.name] = page.items.length;
    if (page.nextCursor !== undefined) next[step.name] = page.nextCursor;
    const known = items.get(step.name) ?? new Map<string, WireInstance>();
    items.set(step.name, known);
    for (const item of page.items) {
      const named = readName(item, LABEL);
      const key = referenceKey(named);
      if (!known.has(key)) known.set(key, named);
    }
  }
  return { next, counts };
}

function selection({ view, properties = ['*'] }: Step): object {
  return view === undefined || properties.length === 0
    ? {}
    : { sources: [{ source: toSource(view), properties }] };
}
