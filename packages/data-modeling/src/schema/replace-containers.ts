import { type CallOptions, CdfError, ConfigError } from '@cdf/core';
import { copyOfError } from '@cdf/core/resource';
import type { DataModelingApi } from '../api/data-modeling-api.js';
import type { Container, ContainerWrite, ViewDefinition } from '../api/schema-types.js';
import { viewKey } from '../view/properties.js';
import { containerName } from './container-name.js';
import { asItWas } from './kept-parts.js';
import { accountOf, describeDeletion, describeMade, namesOf } from './restoration-texts.js';
import { viewsAsTheyWere } from './view-as-it-was.js';
import { describeLacking, type UnwrittenView, writeViews } from './write-views.js';

/** What a deletion takes from a project, as it is before. */
export interface Lost {
  readonly containers: readonly Container[];
  /** Views that may be stored in them: they lose these properties. */
  readonly views: readonly ViewDefinition[];
}

/** Containers by name, as far as it is known which are there. */
interface Standing {
  /** Neither deleted nor written. */
  readonly untouched: ReadonlySet<string>;
  /** Deleted, as the answer says. Others may be. */
  readonly deleted: ReadonlySet<string>;
  /** Written as they are to be. */
  readonly written: ReadonlySet<string>;
  /** Maybe written. */
  readonly open: ReadonlySet<string>;
}

const NONE: ReadonlySet<string> = new Set();

/**
 * Deletes some containers, writes these and others, and then the properties of views again that
 * went with the containers. When a request fails, the containers that are deleted by then are made
 * again as they were, and so are the views that are stored in them; their data is gone.
 *
 * The containers and views are written as they are before anything is deleted: the API rejects what
 * it would reject afterwards, such as views of a space that the credentials cannot write to, or a
 * relation to a container that is gone.
 *
 * @param lost containers that are deleted first
 * @param bodies containers to write
 * @returns the views that may lack what was stored in the containers
 * @throws {CdfError} that names the containers which lost their data without the change, and the
 * views that were written again
 */
export async function replaceContainers(
  api: DataModelingApi,
  lost: Lost,
  bodies: readonly ContainerWrite[],
  call?: CallOptions,
): Promise<readonly UnwrittenView[]> {
  const { containers, views } = api;
  const names = lost.containers.map(({ space, externalId }) => ({ space, externalId }));
  const all = new Set(names.map(containerName));
  try {
    refuseOthers(lost.containers, await containers.upsert(lost.containers.map(asItWas), call));
    await views.upsert(viewsAsTheyWere(lost.views, lost.containers), call);
  } catch (error) {
    throw withText(
      error,
      `nothing was deleted: ${[...all].join(', ')}, and the views that are stored there, have to be written again afterwards`,
    );
  }
  let deleted = NONE;
  try {
    deleted = namesOf(await containers.delete(names, call));
  } catch (error) {
    const { successful, failed, notAttempted } = accountOf(error);
    // Those that were refused are still there.
    const untouched = new Set([...failed, ...notAttempted]);
    throw await restored(api, lost, bodies, error, {
      ...{ untouched, deleted: successful },
      ...{ written: NONE, open: NONE },
    });
  }
  try {
    await containers.upsert(bodies, call);
  } catch (error) {
    const { successful: written, unknown: open } = accountOf(error);
    throw await restored(api, lost, bodies, error, { untouched: NONE, deleted, written, open });
  }
  const made = bodies.filter((each) => all.has(containerName(each)));
  return (await viewsRestored(api, lost, made)).left;
}

/**
 * The API answers reads with the schema of some seconds ago, and writes with that of now.
 *
 * @throws {ConfigError} for a container that was made anew since
 */
function refuseOthers(read: readonly Container[], written: readonly Container[]): void {
  const times = new Map(written.map((each) => [containerName(each), each.createdTime]));
  const others = read
    .filter(({ createdTime, ...each }) => {
      const now = times.get(containerName(each));
      return typeof now === 'number' && typeof createdTime === 'number' && now !== createdTime;
    })
    .map(containerName);
  if (others.length > 0)
    throw new ConfigError(
      `push: ${others.join(', ')} was made anew by another push since it was read; compare it in some seconds, with diff, and push again`,
    );
}

function withText(error: unknown, text: string): unknown {
  return CdfError.isInstance(error)
    ? copyOfError(error, `${error.message}; ${text}`, { cause: error })
    : error;
}

/**
 * Makes containers again as they were, and then the views that are stored in them.
 *
 * @returns the error, with what became of the containers
 */
async function restored(
  api: DataModelingApi,
  lost: Lost,
  bodies: readonly ContainerWrite[],
  error: unknown,
  { untouched, deleted, written, open }: Standing,
): Promise<unknown> {
  const touched = lost.containers.filter((each) => !untouched.has(containerName(each)));
  if (!CdfError.isInstance(error) || touched.length === 0) return error;
  const gone = touched.filter((each) => !written.has(containerName(each)));
  const names = gone.map(containerName);
  const texts = [describeDeletion(touched.map(containerName), deleted)];
  // At once: one may require another. Without the signal of the caller, which may be the reason.
  const failure: unknown = await api.containers.upsert(gone.map(asItWas)).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  const account =
    failure === undefined ? { successful: new Set(names), unknown: NONE } : accountOf(failure);
  const isThere = (name: string): boolean =>
    account.successful.has(name) || account.unknown.has(name);
  texts.push(describeMade(names, account, failure));
  const all = new Set(touched.map(containerName));
  const anew = [...all].filter((name) => written.has(name));
  if (anew.length > 0)
    texts.push(`; the new ${anew.join(', ')} ${anew.length === 1 ? 'is' : 'are'} stored`);
  // The write that failed may be the reason: its container stands where that of before was.
  const maybe = names.filter((name) => !account.successful.has(name) && open.has(name));
  if (maybe.length > 0) texts.push(`; the new ${maybe.join(', ')} may be stored`);
  const isNew = (name: string): boolean => written.has(name) || (!isThere(name) && open.has(name));
  const standing = [
    ...bodies.filter((each) => all.has(containerName(each)) && isNew(containerName(each))),
    ...gone.filter((each) => isThere(containerName(each))),
  ];
  const isPlain = anew.length === 0 && names.every((name) => account.successful.has(name));
  texts.push(describeViews(await viewsRestored(api, lost, standing), isPlain));
  const stands = new Set(standing.map(containerName));
  const missing = touched.filter((each) => !stands.has(containerName(each)));
  const lacking = viewsAsTheyWere(lost.views, missing);
  if (lacking.length > 0) texts.push(`; ${describeLacking(lacking)}`);
  return withText(error, texts.join(''));
}

interface RestoredViews {
  readonly names: readonly string[];
  readonly left: readonly UnwrittenView[];
}

function describeViews({ names, left }: RestoredViews, isPlain: boolean): string {
  if (names.length === 0) return '';
  const lacking = new Set(left.map(({ view }) => viewKey(view)));
  const done = names.filter((name) => !lacking.has(name));
  const which = done.join(', ');
  if (left.length > 0) {
    const again = done.length === 0 ? '' : `; what was stored there is written again in ${which}`;
    return `${again}; ${describeLacking(left.map(({ view }) => view))}: ${left[0]?.error.message}`;
  }
  if (!isPlain) return `; what was stored there is written again in ${which}`;
  return `, and so ${names.length === 1 ? 'was the view' : 'were the views'} ${which}`;
}

/**
 * Writes the properties again that views lost with their containers.
 *
 * @param standing the containers as they are now
 */
async function viewsRestored(
  api: DataModelingApi,
  lost: Lost,
  standing: readonly ContainerWrite[],
): Promise<RestoredViews> {
  const bodies = viewsAsTheyWere(lost.views, standing);
  return { names: bodies.map(viewKey), left: await writeViews(api, bodies) };
}
