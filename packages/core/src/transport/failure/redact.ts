import { inert } from '../../values/text.js';

/**
 * Text from outside for messages: nothing that looks like a token, acts on a terminal or hides
 * text, bounded.
 */
export function safeText(text: string, longest = 500): string {
  const visible = text
    .slice(0, longest * 8)
    .replace(/\b(bearer\s+)\S+/gi, '$1***')
    .replace(/\beyJ[\w-]{8,}\.[\w.-]+/g, '***');
  const safe = inert(visible).replace(/ +/g, ' ').trim();
  // A cut between the halves of a character would leave one of them.
  return safe.length > longest
    ? `${safe.slice(0, longest).replace(/[\uD800-\uDBFF]$/, '')}…`
    : safe;
}

/**
 * The message of an exception from outside, as the end of one of ours; empty for anything but an
 * error.
 */
export function saidBy(error: unknown): string {
  return error instanceof Error ? `: ${safeText(error.message, 200)}` : '';
}
