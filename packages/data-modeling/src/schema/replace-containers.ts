import { type CallOptions, CdfError } from '@cdf/core';
import { copyOfError } from '@cdf/core/resource';
import type { DataModelingApi } from '../api/data-modeling-api.js';
import type { Container, ContainerWrite, ViewDefinition, ViewWrite } from '../api/schema-types.js';
import { viewKey } from '../view/properties.js';
import { containerName } from './container-name.js';
import { asItWas, viewAsItWas } from './kept-parts.js';

type Name = Pick<ContainerWrite, 'space' | 'externalId'>;

/** What a deletion takes from a project, as it is before. */
export interface Lost {
  readonly containers: readonly Container[];
  /** Views that may be stored in them: they lose these properties. */
  readonly views: readonly ViewDefinition[];
}

/**
 * Deletes some containers, and writes these and others. When a request fails, the containers that
 * are deleted by then are made again as they were, and so are the views that are stored in them;
 * their data is gone.
 *
 * @param lost containers that are deleted first
 * @param bodies containers to write
 * @throws {CdfError} that names the containers which lost their data without the change, and the
 * views that were written again
 */
export async function replaceContainers(
  api: DataModelingApi,
  lost: Lost,
  bodies: readonly ContainerWrite[],
  call?: CallOptions,
): Promise<void> {
  const { containers } = api;
  const names = lost.containers.map(({ space, externalId }) => ({ space, externalId }));
  try {
    await containers.delete(names, call);
  } catch (error) {
    // Those that were refused are still there.
    throw await restored(api, lost, error, ['failed', 'notAttempted']);
  }
  try {
    await containers.upsert(bodies, call);
  } catch (error) {
    throw await restored(api, lost, error, ['successful']);
  }
}

/**
 * Makes containers again as they were, and then the views that are stored in them.
 *
 * @param there those of the error's account that need it not
 * @returns the error, with what became of the containers
 */
async function restored(
  api: DataModelingApi,
  lost: Lost,
  error: unknown,
  there: readonly ('successful' | 'failed' | 'notAttempted')[],
): Promise<unknown> {
  if (!CdfError.isInstance(error)) return error;
  const stay = namesOf(there.flatMap((part) => error[part]));
  const gone = lost.containers.filter((container) => !stay.has(containerName(container)));
  if (gone.length === 0) return error;
  const isOne = gone.length === 1;
  const what = `${isOne ? 'the container' : 'the containers'} ${gone.map(containerName).join(', ')}`;
  const unknown = namesOf(error.unknown);
  const isDeletion = !there.includes('successful');
  // A deletion without an answer may have been done.
  const isSure = !isDeletion || unknown.size === 0;
  const were = isSure ? (isOne ? 'was' : 'were') : 'may have been';
  let outcome = `${what} ${were} deleted with all data, and made again as before`;
  try {
    // At once: one may require another. Without the signal of the caller, which may be the reason.
    await api.containers.upsert(gone.map(asItWas));
    outcome += await viewsRestored(api, lost);
  } catch (reason) {
    outcome = `${what} ${were} deleted, and ${unmade(reason, isOne)}${(reason as Error).message}`;
    // The write that failed may be the reason: its container stands where that of before was.
    const anew = isDeletion ? [] : gone.map(containerName).filter((name) => unknown.has(name));
    if (anew.length > 0) outcome += `; the new ${anew.join(', ')} may be stored`;
    const views = viewsOf(lost).map(viewKey);
    if (views.length > 0) outcome += `; ${views.join(', ')} may lack what was stored there`;
  }
  return copyOfError(error, `${error.message}; ${outcome}`, { cause: error });
}

/** Writes the properties again that views lost with their containers. Says what became of it. */
async function viewsRestored({ views }: DataModelingApi, lost: Lost): Promise<string> {
  const bodies = viewsOf(lost);
  if (bodies.length === 0) return '';
  const names = bodies.map(viewKey).join(', ');
  try {
    await views.upsert(bodies);
    return `, and so ${bodies.length === 1 ? 'was the view' : 'were the views'} ${names}`;
  } catch (reason) {
    return `; ${names} may lack what was stored there: ${(reason as Error).message}`;
  }
}

function viewsOf({ containers, views }: Lost): ViewWrite[] {
  const names = new Set(containers.map(containerName));
  return views.flatMap((each) => viewAsItWas(each, names) ?? []);
}

/** A write without an answer may have been done. */
function unmade(reason: unknown, isOne: boolean): string {
  return CdfError.isInstance(reason) && reason.unknown.length > 0
    ? `it is unknown whether ${isOne ? 'it was' : 'they were'} made again as before: `
    : 'could not be made again as before: ';
}

function namesOf(items: readonly unknown[]): Set<string> {
  return new Set((items as readonly Name[]).map(containerName));
}
