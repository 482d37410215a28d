import { AuthError, type CallOptions, type Transport } from '@cdf/core';
import { readPage, untilAborted } from '@cdf/core/resource';
import type { AnyView, ViewReference } from '../view/definition.js';
import { send } from '../wire/send.js';
import { isLike } from '../wire/typing.js';
import { differencesOf } from '../wire/typing-differences.js';
import { isChecked, setChecked } from './checked-views.js';
import type { InstanceScope } from './instance-scope.js';

// Answers to reads describe the view that was read. Those to writes and aggregates do not: the
// view is requested from the project.

/** Comparisons that are on their way, for each transport. */
const running = /* @__PURE__ */ new WeakMap<Transport, Map<AnyView, Promise<void>>>();

/**
 * Compares the view with the project's before a use whose answer does not describe it. One request
 * for each view and transport, which calls at the same time share. A view that cannot be requested
 * is used unchecked: its use has an error of its own where there is one.
 *
 * @throws {ConfigError} that names the properties which differ
 */
export async function checkFirstUse(
  { transport, view }: Pick<InstanceScope, 'transport' | 'view'>,
  { signal }: CallOptions = {},
): Promise<void> {
  if (isChecked({ transport, view })) return;
  const checks = running.get(transport) ?? new Map<AnyView, Promise<void>>();
  running.set(transport, checks);
  let check = checks.get(view);
  if (check === undefined) {
    // Without the signal of a caller: others wait for the same answer.
    check = compare(transport, view).finally(() => checks.delete(view));
    check.catch(() => {});
    checks.set(view, check);
  }
  try {
    await (signal ? untilAborted(check, signal) : check);
  } catch (error) {
    // The use itself tells that it was aborted, with its account.
    if (!signal?.aborted) throw error;
  }
}

/** A view of an answer, not checked yet. */
interface WireView extends Partial<ViewReference> {
  readonly properties?: unknown;
}

async function compare(transport: Transport, view: AnyView): Promise<void> {
  const { space, externalId, version } = view;
  let found: WireView | undefined;
  try {
    const body = { items: [{ space, externalId, version }] };
    const answer = await send(transport, {
      path: '/views/byids',
      body,
      lane: 'query',
      idempotent: true,
    });
    const { items } = readPage<WireView>(answer, 'POST /models/views/byids');
    found = items.find(
      (each) => each.space === space && each.externalId === externalId && each.version === version,
    );
  } catch (error) {
    // Credentials that write but cannot read schemas would ask before every write.
    if (AuthError.isInstance(error) && error.status === 403) setChecked({ transport, view });
    return;
  }
  if (typeof found?.properties !== 'object' || found.properties === null) return;
  if (!isLike(view, found.properties)) throw differencesOf(view, found.properties);
  setChecked({ transport, view });
}
