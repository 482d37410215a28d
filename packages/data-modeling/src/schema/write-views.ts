import { ApiError, type CallOptions, CdfError } from '@cdf/core';
import { copyOfError } from '@cdf/core/resource';
import type { DataModelingApi } from '../api/data-modeling-api.js';
import type { ViewWrite } from '../api/schema-types.js';
import { viewKey } from '../view/properties.js';

/** A view that is not known to be written, and why. */
export interface UnwrittenView {
  readonly view: ViewWrite;
  readonly error: CdfError;
  /** The write had no answer: it may have been done. */
  readonly isOpen: boolean;
}

/** Views that one request takes. */
const MOST_PER_REQUEST = 100;
/** Views that a message names. `failed` has all of them. */
const MOST_NAMED = 20;

/**
 * Writes views as far as the API takes them, in their order. It rejects requests as a whole: the
 * views of one that it rejects are written in halves, until those that it does not take are alone.
 */
export async function writeViews(
  { views }: DataModelingApi,
  bodies: readonly ViewWrite[],
  call?: CallOptions,
): Promise<UnwrittenView[]> {
  const left: UnwrittenView[] = [];
  let isOver = false;
  const write = async (part: readonly ViewWrite[]): Promise<void> => {
    const error: unknown = await views.upsert(part, call).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (error === undefined) return;
    if (!CdfError.isInstance(error)) throw error;
    if (isRejection(error) && part.length > 1) {
      const half = Math.ceil(part.length / 2);
      for (const each of [part.slice(0, half), part.slice(half)])
        if (isOver) left.push(...unwritten(each, error));
        else await write(each);
      return;
    }
    const rest = unwritten(part, error);
    left.push(...rest);
    // The others would wait for the same connection, or be as much in vain.
    isOver = rest.length > 0 && !isRejection(error);
  };
  for (let start = 0; start < bodies.length; start += MOST_PER_REQUEST) {
    const part = bodies.slice(start, start + MOST_PER_REQUEST);
    if (!isOver) await write(part);
    else left.push(...unwritten(part, (left.at(-1) as UnwrittenView).error, false));
  }
  return left;
}

/** The API looked at the request, and does not take it. */
export function isRejection(error: CdfError): boolean {
  if (!ApiError.isInstance(error)) return false;
  const { status } = error;
  return status >= 400 && status < 500 && ![401, 429].includes(status);
}

/** An answer may confirm all of them, and have an odd item besides. */
function unwritten(
  part: readonly ViewWrite[],
  error: CdfError,
  isSent: boolean = true,
): UnwrittenView[] {
  const [done, open] = [error.successful, error.unknown].map(
    (views) => new Set((views as readonly ViewWrite[]).map(viewKey)),
  ) as [Set<string>, Set<string>];
  return part
    .filter((view) => !done.has(viewKey(view)))
    .map((view) => ({ view, error, isOpen: isSent && open.has(viewKey(view)) }));
}

/** `acme:A/v1 (name, level), acme:B/v1 (name) may lack what was stored there` */
export function describeLacking(views: readonly ViewWrite[]): string {
  const named = views
    .slice(0, MOST_NAMED)
    .map((view) => `${viewKey(view)} (${Object.keys(view.properties ?? {}).join(', ')})`);
  const more = views.length - named.length;
  return `${named.join(', ')}${more > 0 ? ` and ${more} more` : ''} may lack what was stored there`;
}

/** The error of writes, of which `failed` and `unknown` have the views to write again. */
export function unwrittenError(
  left: readonly UnwrittenView[],
  successful: readonly ViewWrite[],
  hint: string,
): CdfError {
  const { error } = left[0] as UnwrittenView;
  const of = (isOpen: boolean): ViewWrite[] =>
    left.filter((each) => each.isOpen === isOpen).map(({ view }) => view);
  const account = { successful, failed: of(false), unknown: of(true), notAttempted: [] };
  return copyOfError<unknown>(error, `${error.message}; ${hint}`, { ...account, cause: error });
}
