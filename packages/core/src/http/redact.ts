/**
 * Text from outside for messages: no credentials, no control characters, bounded.
 *
 * @param secrets what must not show, whatever it looks like
 */
export function safeText(text: string, secrets: readonly string[] = [], longest = 500): string {
  let safe = text.slice(0, longest * 8);
  for (const secret of secrets) if (secret.length > 3) safe = safe.replaceAll(secret, '***');
  safe = safe
    .replace(/\b(bearer\s+)\S+/gi, '$1***')
    .replace(/\beyJ[\w-]{8,}\.[\w.-]+/g, '***')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not get through.
    .replace(/[\x00-\x1f\x7f\u2028\u2029]+/g, ' ')
    .trim();
  return safe.length > longest ? `${safe.slice(0, longest)}…` : safe;
}
