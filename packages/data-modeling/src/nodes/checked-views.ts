import type { Transport } from '@cdf/core';
import { loadPart } from '@cdf/core/resource';
import type { AnyView } from '../view/definition.js';
import { describedProperties, isLike } from '../wire/typing.js';
import type { InstanceScope } from './instance-scope.js';

/** The views that are like those of the project, for each transport. */
const checked = /* @__PURE__ */ new WeakMap<Transport, WeakSet<AnyView>>();

/** Tells whether the view is known to be like the one in the project. */
export function isChecked({ transport, view }: Pick<InstanceScope, 'transport' | 'view'>): boolean {
  return checked.get(transport)?.has(view) === true;
}

/**
 * Compares the view with the project's, once.
 *
 * @param answer has `typing`
 * @throws {ConfigError} that names the properties which differ
 */
export async function checkView(
  scope: Pick<InstanceScope, 'transport' | 'view'>,
  answer: unknown,
  typing: unknown = (answer as { typing?: unknown }).typing,
): Promise<void> {
  if (isChecked(scope)) return;
  const properties = describedProperties(scope.view, typing);
  if (properties === undefined) return;
  if (!isLike(scope.view, properties))
    throw (await loadPart(import('../later.js'))).differencesOf(scope.view, properties);
  setChecked(scope);
}

/** Notes that the view is like the one in the project. */
export function setChecked({ transport, view }: Pick<InstanceScope, 'transport' | 'view'>): void {
  const views = checked.get(transport) ?? new WeakSet();
  checked.set(transport, views.add(view));
}
