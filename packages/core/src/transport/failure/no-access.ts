import { type CdfError, copyOf } from '../../errors.js';
import { quoted } from '../../values/text.js';
import { safeText } from './redact.js';
import { secretFilter } from './secrets.js';

/** The advice where nothing more is known. */
export const NOT_ACCEPTED =
  'the token was rejected; check that it has not expired and that it belongs to this cluster and project';

/**
 * CDF refuses a token for a project in the same way as one that has expired. The inspection of the token tells the two apart.
 *
 * @param inspect asks for it
 * @param secrets what must not show, should the answer repeat it
 * @returns what to say of the projects of the token; empty where that is not the reason, or cannot be known
 */
export async function projectAdvice(
  project: string,
  inspect: () => Promise<unknown>,
  secrets: readonly string[],
): Promise<string> {
  try {
    const { projects } = (await inspect()) as { readonly projects: readonly { readonly projectUrlName: unknown }[] };
    const names = projects.map(({ projectUrlName }) => projectUrlName).filter((name) => typeof name === 'string');
    if (names.includes(project)) return '';
    const filter = secretFilter(secrets);
    const shown = names.slice(0, 5).map((name) => quoted(safeText(filter(name), 100)));
    const rest = names.length > shown.length ? ` and ${names.length - shown.length} more` : '';
    const only = names.length === 0 ? 'nor to any other' : `only to ${shown.join(', ')}${rest}`;
    return `the token has no access to the project ${quoted(project)}, ${only}; check project, or sign in for it`;
  } catch {
    // The refusal itself is what has to be told.
    return '';
  }
}

/** The same error with that advice. */
export function withProjectAdvice(error: CdfError, advice: string): CdfError {
  return advice === ''
    ? error
    : copyOf(
        error,
        error.message.replace(NOT_ACCEPTED, () => advice),
        { cause: error.cause },
      );
}
