import { AuthError, type CallOptions, type Transport } from '@cdf/core';
import { openScope, readPage, untilAborted } from '@cdf/core/resource';
import type { AnyView, ViewReference } from '../view/definition.js';
import { send } from '../wire/send.js';
import { isLike } from '../wire/typing.js';
import { differencesOf } from '../wire/typing-differences.js';
import { isChecked, setChecked } from './checked-views.js';
import type { InstanceScope } from './instance-scope.js';

// Answers to reads describe the view that was read. Those to writes and aggregates do not: the
// view is requested from the project.

/** A use waits no longer for the view, with all retries. @unit milliseconds */
const LONGEST = 10_000;
/** A view that could not be requested is not requested again for so long. @unit milliseconds */
const PAUSE = 60_000;

interface Comparison {
  readonly done: Promise<void>;
  /** It has outlasted the time of a call: others do not wait for it. */
  isLate: boolean;
}
interface Comparisons {
  /** Those that are on their way. */
  readonly running: Map<AnyView, Comparison>;
  /** When views can be requested again. @unit epoch milliseconds */
  readonly pausedUntil: WeakMap<AnyView, number>;
}
const comparisons = /* @__PURE__ */ new WeakMap<Transport, Comparisons>();

/**
 * Compares the view with the project's before a use whose answer does not describe it. One request
 * for each view and transport, which calls at the same time share. A view that cannot be requested,
 * or not in the time of the call, is used unchecked: its use has an error of its own where there is
 * one.
 *
 * @throws {ConfigError} that names the properties which differ
 */
export async function checkFirstUse(
  { transport, view }: Pick<InstanceScope, 'transport' | 'view'>,
  { signal, timeoutMs = LONGEST }: CallOptions = {},
): Promise<void> {
  if (isChecked({ transport, view })) return;
  const { running, pausedUntil } = comparisons.get(transport) ?? {
    running: new Map<AnyView, Comparison>(),
    pausedUntil: new WeakMap<AnyView, number>(),
  };
  comparisons.set(transport, { running, pausedUntil });
  if (Date.now() < (pausedUntil.get(view) ?? 0)) return;
  let check = running.get(view);
  if (check === undefined) {
    const pause = (): unknown => pausedUntil.set(view, Date.now() + PAUSE);
    // Without the signal of a caller: others wait for the same answer.
    const done = compare(transport, view, pause).finally(() => running.delete(view));
    done.catch(() => {});
    check = { done, isLate: false };
    running.set(view, check);
  }
  if (check.isLate) return;
  const scope = openScope([signal], timeoutMs);
  try {
    await untilAborted(check.done, scope.signal);
  } catch (error) {
    if (!scope.signal.aborted) throw error;
    // The use itself tells that it was aborted, with its account.
    check.isLate = signal?.aborted !== true;
  } finally {
    scope.end();
  }
}

/** A view of an answer, not checked yet. */
interface WireView extends Partial<ViewReference> {
  readonly properties?: unknown;
}

async function compare(transport: Transport, view: AnyView, onFailure: () => void): Promise<void> {
  const { space, externalId, version } = view;
  let found: WireView | undefined;
  const scope = openScope([], LONGEST);
  try {
    const body = { items: [{ space, externalId, version }] };
    const request = { path: '/views/byids', body, lane: 'query', idempotent: true } as const;
    const answer = await send(transport, request, { signal: scope.signal });
    const { items } = readPage<WireView>(answer, 'POST /models/views/byids');
    found = items.find(
      (each) => each.space === space && each.externalId === externalId && each.version === version,
    );
  } catch (error) {
    // Credentials that write but cannot read schemas would ask before every write.
    if (AuthError.isInstance(error) && error.status === 403) setChecked({ transport, view });
    else onFailure();
    return;
  } finally {
    scope.end();
  }
  if (typeof found?.properties !== 'object' || found.properties === null) return;
  // Not the views that relations lead to: a program may know a child, a parent or another version of
  // the one in the project, or not that a view narrows the relation of its parent. `diff` tells.
  if (!isLike(view, found.properties)) throw differencesOf(view, found.properties);
  setChecked({ transport, view });
}
