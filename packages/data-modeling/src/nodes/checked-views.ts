import type { ConfigError, Transport } from '@cdf/core';
import type { AnyView } from '../view/definition.js';
import { describedProperties, isLike } from '../wire/typing.js';
import type { InstanceScope } from './instance-scope.js';

/** The views that are like those of the project, for each transport. */
const checked = /* @__PURE__ */ new WeakMap<Transport, WeakSet<AnyView>>();

/** Tells whether the view is known to be like the one in the project. */
export function isChecked({ transport, view }: Pick<InstanceScope, 'transport' | 'view'>): boolean {
  return checked.get(transport)?.has(view) === true;
}

/** Makes the error of a view that is not like the project's. */
export type DifferencesOf = (
  view: AnyView,
  properties: object,
) => ConfigError | Promise<ConfigError>;

/**
 * Compares the view with the project's, once.
 *
 * @param answer has `typing`
 * @param differencesOf makes the error; most programs never need it
 * @throws {ConfigError} that names the properties which differ
 */
export async function checkView(
  scope: Pick<InstanceScope, 'transport' | 'view'>,
  answer: unknown,
  differencesOf: DifferencesOf,
  typing: unknown = (answer as { typing?: unknown }).typing,
): Promise<void> {
  if (isChecked(scope)) return;
  const properties = describedProperties(scope.view, typing);
  if (properties === undefined) return;
  if (!isLike(scope.view, properties)) throw await differencesOf(scope.view, properties);
  setChecked(scope);
}

/** Notes that the view is like the one in the project. */
export function setChecked({ transport, view }: Pick<InstanceScope, 'transport' | 'view'>): void {
  const views = checked.get(transport) ?? new WeakSet();
  checked.set(transport, views.add(view));
}
