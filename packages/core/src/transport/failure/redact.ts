import { inert } from '../../values/text.js';

/**
 * Text from outside for messages: no credentials, nothing that acts on a terminal or hides text, bounded.
 *
 * @param secrets what must not show, whatever it looks like
 */
export function safeText(text: string, secrets: readonly string[] = [], longest = 500): string {
  let safe = text.slice(0, longest * 8);
  for (const secret of secrets) if (secret.length > 3) safe = safe.replaceAll(secret, '***');
  safe = inert(safe.replace(/\b(bearer\s+)\S+/gi, '$1***').replace(/\beyJ[\w-]{8,}\.[\w.-]+/g, '***'))
    .replace(/ +/g, ' ')
    .trim();
  return safe.length > longest ? `${safe.slice(0, longest)}…` : safe;
}

/** The message of an exception from outside, as the end of one of ours; empty for anything but an error. */
export function saidBy(error: unknown): string {
  return error instanceof Error ? `: ${safeText(error.message, [], 200)}` : '';
}
