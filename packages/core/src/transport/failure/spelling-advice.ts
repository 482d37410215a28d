/** Names of resources, of their filters and of queries, as the API spells them. */
const NAMES =
  'id externalId instanceId space name description metadata source type subtype startTime endTime createdTime lastUpdatedTime activeAtTime min max assetId assetIds assetExternalIds assetSubtreeIds rootIds dataSetId dataSetIds parentId parentIds parentExternalId parentExternalIds externalIdPrefix root labels containsAny containsAll geoLocation unit unitExternalId unitQuantity isString isStep legacyName securityCategories mimeType directory directoryPrefix sourceCreatedTime sourceModifiedTime uploadedTime uploaded filter advancedFilter sort search query limit cursor items'.split(
    ' ',
  );
/** Their members have names of the caller's own. */
const OWN = /^(metadata|properties|sources|parameters|with|select)$/;
/** How the API says that it does not know a name. */
const UNKNOWN = /unknown|unexpected|unrecogni[sz]ed|not a known/i;

/**
 * The name that was meant where a request has a misspelt one, such as `externalID`; empty if the
 * error is about something else.
 *
 * @param said the message of the API
 */
export function spellingAdvice(body: unknown, said: string): string {
  return UNKNOWN.test(said) ? (adviceIn(body, said) ?? '') : '';
}

function adviceIn(part: unknown, said: string): string | undefined {
  if (Array.isArray(part)) {
    for (const each of part) {
      const advice = adviceIn(each, said);
      if (advice !== undefined) return advice;
    }
    return undefined;
  }
  // Bytes have numbers as names.
  const isPlain = part instanceof Object && Object.getPrototypeOf(part) === Object.prototype;
  for (const [name, value] of isPlain ? Object.entries(part) : []) {
    const isSaid = said.includes(name) && !NAMES.includes(name);
    const meant = isSaid ? nearest(name) : undefined;
    if (meant !== undefined) return `${name}: did you mean ${meant}?`;
    const advice = OWN.test(name) ? undefined : adviceIn(value, said);
    if (advice !== undefined) return advice;
  }
  return undefined;
}

/**
 * The same letters but for case and signs, or else with a slip of the pen in one place.
 *
 * Not by the likeness of `known-names.ts`: bundlers would make a script of what these two parts
 * share, and the first load of data points would have 0.2 kB more.
 */
function nearest(name: string): string | undefined {
  const letters = lettersOf(name);
  return (
    NAMES.find((each) => lettersOf(each) === letters) ??
    NAMES.find((each) => isSlip(lettersOf(each), letters))
  );
}

function lettersOf(name: string): string {
  return name.toLowerCase().replace(/[^a-z]/g, '');
}

/** True where a letter is missing, wrong or too many, or two are swapped. */
function isSlip(one: string, other: string): boolean {
  const shorter = Math.min(one.length, other.length);
  // Of shorter names, most are like each other.
  if (shorter < 4) return false;
  let start = 0;
  while (start < shorter && one[start] === other[start]) start++;
  let end = 0;
  while (end < shorter - start && one.at(-1 - end) === other.at(-1 - end)) end++;
  const [left, right] = [one, other].map((each) => each.slice(start, each.length - end)) as [
    string,
    string,
  ];
  return (
    Math.max(left.length, right.length) < 2 ||
    (left.length === 2 && left === [...right].reverse().join(''))
  );
}
