/** So many characters identify a secret. A longer one is redacted from there to its end. */
const TELLING = 32;
/** Escaping may itself be percent-encoded. */
const BACKSLASH = '(?:\\\\|%(?:25)*5[cC])';

/**
 * A filter for text that a server sent. It removes secrets in whatever form they are repeated: as
 * they are, percent-encoded once or more, escaped for JSON or HTML, or in base64 with anything
 * before them, as in a `Basic` header.
 *
 * @param shortest strings with fewer characters are not secrets
 */
export function secretFilter(secrets: readonly string[], shortest = 4): (text: string) => string {
  // Halves of surrogate pairs have no encoding.
  const clean = secrets.map((secret) => secret.replace(/\p{Cs}/gu, ''));
  const patterns = clean.filter((secret) => secret.length >= shortest).map(secretPattern);
  return (text) => patterns.reduce((rest, pattern) => rest.replace(pattern, '***'), text);
}

/** Parsed JSON without secrets, in strings as in names of fields. */
export function dataWithoutSecrets(data: unknown, secrets: readonly string[]): unknown {
  // Shorter ones occur in identifiers by chance, which programs compare.
  const filter = secretFilter(secrets, 8);
  const clean = (value: unknown): unknown => {
    if (typeof value === 'string') return filter(value);
    if (Array.isArray(value)) return value.map(clean);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, each]) => [filter(name), clean(each)]),
    );
  };
  return clean(data);
}

/** Repetitions are bounded, so that no text takes longer than its length. */
function secretPattern(secret: string): RegExp {
  const beginning = [...secret].slice(0, TELLING);
  const rest = secret.length > TELLING ? '[^\\s"\'<>]*' : '';
  const raw = beginning.join('');
  // A Basic header has it as a form does; some escape every character but letters and digits.
  const form = new URLSearchParams({ '': raw }).toString().slice(1);
  const escaped = form.replace(
    /[-_.*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  const forms = [raw, form, escaped, form.replaceAll('+', '%20'), encodeURIComponent(raw)];
  // A cut between the halves of a character would leave one of them, which has other bytes.
  const cut = (text: string): string => text.slice(0, TELLING).replace(/[\uD800-\uDBFF]$/, '');
  const encoded = [...new Set(forms.map(cut))].flatMap((text) =>
    [0, 1, 2].map((ahead) => base64Pattern(text, ahead)),
  );
  return new RegExp(
    [beginning.map(characterPattern).join('') + rest, ...encoded.filter(Boolean)].join('|'),
    'g',
  );
}

/** A character as it is, percent-encoded, escaped in JSON, or as an entity of HTML. */
function characterPattern(character: string): string {
  const point = character.codePointAt(0) as number;
  const percent = [...new TextEncoder().encode(character)]
    .map((byte) => `%(?:25)*${hexadecimal(byte, 2)}`)
    .join('');
  const units = character
    .split('')
    .map((unit) => `${BACKSLASH}{1,3}u${hexadecimal(unit.charCodeAt(0), 4)}`);
  const self = /[\\^$.*+?()[\]{}|/]/.test(character) ? `\\${character}` : character;
  const forms = [
    `${BACKSLASH}{0,3}${self}`,
    percent,
    units.join(''),
    `&#0{0,5}${point};`,
    `&#x0{0,5}${hexadecimal(point, 1)};`,
  ];
  if (character === ' ') forms.push('\\+');
  if (character < ' ') forms.push(`${BACKSLASH}{1,3}[bfnrt]`);
  if (/[&<>"']/.test(character)) forms.push('&\\w{2,4};');
  return `(?:${forms.join('|')})`;
}

/**
 * The part of the base64 of a string that does not depend on its neighbours.
 *
 * @param ahead bytes before it, modulo 3
 */
function base64Pattern(text: string, ahead: number): string {
  const bytes = [...new Uint8Array(ahead), ...new TextEncoder().encode(text)];
  const [start, end] = [Math.ceil((ahead * 8) / 6), Math.floor((bytes.length * 8) / 6)];
  const digits = btoa(String.fromCharCode(...bytes)).slice(start, end);
  if (digits.length < 7) return '';
  const plus = '(?:[+\\-]|%(?:25)*2[bB])';
  const slash = `(?:${BACKSLASH}{0,3}/|_|%(?:25)*2[fF])`;
  const rest = `(?:[\\w+=\\-]|${slash}|%(?:25)*(?:2[bB]|3[dD]))*`;
  return `${digits.replace(/[+/]/g, (digit) => (digit === '+' ? plus : slash))}${rest}`;
}

/** In small letters or capitals; a flag for all of the pattern would make it slow. */
function hexadecimal(value: number, digits: number): string {
  const text = value.toString(16).padStart(digits, '0');
  return text.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
}
