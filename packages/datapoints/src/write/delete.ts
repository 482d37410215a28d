import {
  type CallOptions,
  ConfigError,
  type Identifier,
  type LocalTimeOptions,
  type TimeArgument,
  type Transport,
} from '@cdf/core';
import {
  IDENTIFIER_NAMES,
  loadPart,
  mayBeLocal,
  readNothing,
  refuseUnknown,
  spelledIdentifier,
  toEpochRange,
  withoutNode,
  writeInChunks,
} from '@cdf/core/resource';

const PATH = '/timeseries/data/delete';
const MOST_RANGES = 10_000;
const OPTIONS = { start: true, end: true, timeZone: true, disambiguation: true } as const;
const RANGE_NAMES = { ...IDENTIFIER_NAMES, ...OPTIONS } as const satisfies Record<
  keyof DeleteRange,
  true
>;

/**
 * Points of one series, at or after `start` and before `end`. Both must be given: nothing is
 * deleted by leaving something out. With a `timeZone`, strings without an offset are local times.
 * The points of a node are `{ instanceId: node, start, end }`.
 */
export type DeleteRange = Identifier &
  LocalTimeOptions & { readonly start: TimeArgument; readonly end: TimeArgument };

/** Deletes ranges of points. Every range is checked before any is sent. */
export async function deleteRanges(
  transport: Transport,
  ranges: readonly DeleteRange[],
  options: CallOptions = {},
): Promise<void> {
  if (!Array.isArray(ranges))
    throw new ConfigError('ranges must be an array of { id, start, end }');
  const now = Date.now();
  const hasZones = ranges.some(
    (range) => range && mayBeLocal([range.start, range.end], range.timeZone),
  );
  const readerOf = hasZones
    ? await (await loadPart(import('../read/local-reader.js'))).loadReader()
    : undefined;
  const items = (ranges as readonly DeleteRange[]).map((given, index) => {
    const what = ranges.length === 1 ? 'range' : `ranges[${index}]`;
    const range = withoutNode(given, OPTIONS, what);
    if (Object(range) === range) refuseUnknown(Object.keys(range), RANGE_NAMES, what);
    const identifier = spelledIdentifier(range, what);
    if (range.start === undefined || range.end === undefined)
      throw new ConfigError(`${what}: start and end are required`);
    const { start, end } = toEpochRange(range.start, range.end, now, what, readerOf?.(range));
    return { ...identifier, inclusiveBegin: start, exclusiveEnd: end };
  });
  const wire = new Map(ranges.map((range, index) => [range, items[index]]));
  await writeInChunks<DeleteRange, undefined>(
    transport,
    {
      action: 'delete data points',
      items: ranges,
      chunks: MOST_RANGES,
      async send(chunk, callOptions, onAttempt) {
        const answer = await transport.request(
          {
            method: 'POST',
            path: PATH,
            body: { items: chunk.map((range) => wire.get(range)) },
            idempotent: true,
            lane: 'write',
            onAttempt,
          },
          callOptions,
        );
        readNothing(answer, `POST ${PATH}`);
        return [];
      },
    },
    options,
  );
}
