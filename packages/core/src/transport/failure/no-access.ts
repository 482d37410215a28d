import { openScope, untilAborted } from '../../async/scope.js';
import { type AuthError, type CdfError, copyOfError } from '../../errors.js';
import { quoted } from '../../values/text.js';
import type { ResolvedConfig } from '../config.js';
import type { CallOptions, RequestSpec } from '../transport.js';
import { isFromRoot } from '../url.js';
import { safeText } from './redact.js';
import { secretFilter } from './secrets.js';

/** The advice where nothing more is known. */
export const NOT_ACCEPTED =
  'check that the token has not expired and belongs to this cluster and project';

/** A token that was not accepted though it had just been renewed. */
export interface RefusedToken {
  readonly token: string;
  /** The advice about it, requested once. */
  advice?: Promise<string>;
}

const INSPECT: RequestSpec = { method: 'GET', path: '/api/v1/token/inspect', idempotent: true };

/**
 * Adds the projects of a token to the error of a call for which it was not accepted: CDF refuses a
 * token for a project in the same way as one that has expired, and the inspection of the token
 * tells the two apart.
 *
 * @param at when the call began: the advice is not waited for beyond its deadline
 * @param request sends, with the token that was refused
 * @returns the same error where it says something else, where that is not the reason, or where it
 * cannot be known
 */
export async function explainRefusal(
  error: AuthError,
  refused: RefusedToken,
  {
    project,
    credentials,
    deadlineMs,
  }: Pick<ResolvedConfig, 'project' | 'credentials' | 'deadlineMs'>,
  { path }: RequestSpec,
  { signal }: CallOptions,
  at: number,
  request: (spec: RequestSpec) => Promise<unknown>,
): Promise<CdfError> {
  if (error.status !== 401 || error.delivery !== 'refused' || isFromRoot(path)) return error;
  if (credentials.scheme === 'api-key') return error;
  refused.advice ??= projectAdvice(project, request, refused.token);
  const left = deadlineMs === undefined ? undefined : deadlineMs - (performance.now() - at);
  const scope = openScope([signal], left, () => error);
  let advice: string;
  try {
    advice = await untilAborted(refused.advice, scope.signal);
  } finally {
    scope.end();
  }
  if (advice === '') return error;
  const message = error.message.replace(NOT_ACCEPTED, () => advice);
  return copyOfError(error, message, { cause: error.cause });
}

/** The advice about the projects of a token; empty where that is not the reason. */
async function projectAdvice(
  project: string,
  request: (spec: RequestSpec) => Promise<unknown>,
  token: string,
): Promise<string> {
  try {
    const { projects } = (await request(INSPECT)) as {
      readonly projects: readonly { readonly projectUrlName: unknown }[];
    };
    const names = projects
      .map(({ projectUrlName }) => projectUrlName)
      .filter((name) => typeof name === 'string');
    if (names.includes(project)) return '';
    const filter = secretFilter([token]);
    const shown = names.slice(0, 5).map((name) => quoted(safeText(filter(name), 100)));
    const rest = names.length > shown.length ? ` and ${names.length - shown.length} more` : '';
    const only = names.length === 0 ? 'nor to any other' : `only to ${shown.join(', ')}${rest}`;
    return `the token has no access to the project ${quoted(project)}, ${only}; check project, or sign in for it`;
  } catch {
    // The refusal itself has to be reported.
    return '';
  }
}
