import { evenChunks } from '../async/chunks.js';
import { concurrently } from '../async/concurrently.js';
import { callProgress } from '../async/progress.js';
import {
  AbortedError,
  ApiError,
  type ApiErrorDetails,
  CdfError,
  type CdfErrorDetails,
  copyOfError,
  DecodeError,
  type Delivery,
  type WriteAccount,
} from '../errors.js';
import type { CallOptions, Transport } from '../transport/transport.js';
import type { Identifier } from '../values/identifiers.js';
import type { ResourceName } from '../values/resource-name.js';
import { isObject, readObject, readPage, unexpected } from './answers.js';
import { identitiesOf, matchAnswers } from './match-answers.js';

/** The outcome of one item of a write. */
export type Outcome = 'successful' | 'unknown' | 'failed' | 'notAttempted';

/** The meaning of a chunk's failure for its items. */
export interface ChunkFailure {
  readonly outcome: Exclude<Outcome, 'successful'>;
  readonly error: Error;
  /** No later chunk can succeed: the credential is refused, or the caller has given up. */
  readonly final: boolean;
  /** The caller's reason for the abort. */
  readonly reason?: { readonly cause: unknown } | undefined;
}

/** A write of any number of items, and how one request of it is sent. */
export interface ChunkedWrite<Item, Result> {
  /** For messages: `'create assets'`. */
  readonly action: string;
  readonly items: readonly Item[];
  /** Items per request; or the chunks themselves, as indexes into `items`. */
  readonly chunks: number | readonly (readonly number[])[];
  /** Chunks at the same time. @default as many requests as the client writes at once */
  readonly parallel?: number | undefined;
  /**
   * Sends one chunk. Passes `onAttempt` on to the request. Its results are in the chunk's order.
   */
  send(
    chunk: readonly Item[],
    options: CallOptions,
    onAttempt: () => void,
  ): Promise<readonly Result[]>;
}

/**
 * Writes any number of items in requests of bounded size, as many at a time as the client writes at
 * once, to the end. Results are in input order.
 *
 * @throws {CdfError} of the decisive error's class, whose `successful`, `unknown` and `failed` are
 * together exactly the input.
 */
export async function writeInChunks<Item, Result>(
  transport: Transport,
  write: ChunkedWrite<Item, Result>,
  options: CallOptions = {},
): Promise<Result[]> {
  const { items } = write;
  const chunks =
    typeof write.chunks === 'number' ? evenChunks(items.length, write.chunks) : write.chunks;
  const results: Result[] = new Array(items.length);
  const outcomes: Outcome[] = new Array(items.length).fill('notAttempted');
  const failures: ChunkFailure[] = [];
  let done = 0;

  const run = async (indexes: readonly number[]): Promise<void> => {
    const chunk = indexes.map((index) => items[index] as Item);
    let attempted = false;
    try {
      const answers = await write.send(chunk, options, () => {
        attempted = true;
      });
      indexes.forEach((index, position) => {
        results[index] = answers[position] as Result;
        outcomes[index] = 'successful';
      });
    } catch (error) {
      const failure = classifyFailure(error, attempted, options.signal);
      failures.push(failure);
      const answers = answersOf<Result>(error);
      indexes.forEach((index, position) => {
        const answer = answers[position];
        outcomes[index] = answer === undefined ? failure.outcome : 'successful';
        if (answer !== undefined) results[index] = answer;
      });
    }
    done += indexes.length;
    reportProgress(options, done, items.length, failures);
  };

  await concurrently(chunks, run, {
    limit: write.parallel ?? transport.limits.write,
    proceed: () => !failures.some((failure) => failure.final),
  });
  if (failures.length > 0) throw accountedError(write.action, items, outcomes, failures);
  return results;
}

/** An answer to a write that does not have every item: those that it has were written. */
export class IncompleteAnswer<Result = unknown> extends DecodeError {
  /** In the order of the sent items. */
  declare readonly answers: readonly (Result | undefined)[];

  constructor(
    message: string,
    details: CdfErrorDetails & { answers?: readonly (Result | undefined)[] },
  ) {
    super(message, details);
    Object.defineProperty(this, 'answers', { value: details.answers ?? [] });
  }
}

/**
 * The items of the answer to a creation or update, in the order of the sent items.
 *
 * @param sent items to create; or patches, each with its identifier
 * @throws {DecodeError} when the answer does not have exactly these
 */
export function readWritten<T extends object>(
  answer: unknown,
  label: string,
  sent: readonly object[],
): readonly T[] {
  const { items: said } = readObject(answer, label) as { readonly items?: unknown };
  // A value that is not an object identifies no item; the items beside it still count.
  const nothing = {} as T;
  const items = Array.isArray(said)
    ? said.map((item) => (isObject(item) ? (item as T) : nothing))
    : readPage<T>(answer, label).items;
  const { results, error } = matchAnswers(sent.map(identitiesAfter), items, label, true);
  const wrong = items.includes(nothing) ? unexpected(label, 'an item is not an object') : error;
  if (wrong === undefined) return results as T[];
  const answers = results.map((item) => (item === nothing ? undefined : item));
  throw new IncompleteAnswer(wrong.message, { ...wrong, answers });
}

/** The identities that an answer may give to an item that was sent. */
function identitiesAfter(item: object): Identifier[] {
  const { update } = item as {
    readonly update?: { readonly externalId?: { readonly set?: unknown } };
  };
  const renamed = update?.externalId?.set;
  return [...identitiesOf(item), ...(typeof renamed === 'string' ? [{ externalId: renamed }] : [])];
}

/** The answers that came all the same. */
export function answersOf<Result>(error: unknown): readonly (Result | undefined)[] {
  return error instanceof IncompleteAnswer ? error.answers : [];
}

/**
 * The outcome of the items of a failed request. Never a guess: an outcome without proof is unknown.
 */
export function classifyFailure(
  error: unknown,
  attempted: boolean,
  signal?: AbortSignal,
): ChunkFailure {
  // The reason of a signal may be any error, also one of ours that tells of another request.
  const aborted =
    signal?.aborted === true && (error === signal.reason || !CdfError.isInstance(error));
  const delivery: Delivery = !attempted
    ? 'none'
    : !aborted && CdfError.isInstance(error)
      ? error.delivery
      : 'unknown';
  const outcome = !attempted ? 'notAttempted' : delivery === 'unknown' ? 'unknown' : 'failed';
  const wrapped = aborted
    ? new AbortedError('aborted by the caller', { cause: error, delivery })
    : error instanceof Error
      ? error
      : new CdfError(String(error), { cause: error, delivery });
  const refused = ApiError.isInstance(error) && (error.status === 401 || error.status === 403);
  return {
    outcome,
    error: wrapped,
    final: aborted || refused,
    ...(aborted && { reason: { cause: error } }),
  };
}

/**
 * Reports the progress of a write. An exception of the callback ends the write like an abort and is
 * recorded as a failure.
 */
export function reportProgress(
  options: CallOptions,
  done: number,
  total: number | undefined,
  failures: ChunkFailure[],
): void {
  try {
    callProgress(options, done, total);
  } catch (error) {
    const { cause } = error as CdfError;
    failures.push({
      outcome: 'notAttempted',
      error: error as CdfError,
      final: true,
      reason: { cause },
    });
  }
}

/** The error of a write of many: the decisive failure's class, with the account of every item. */
export function accountedError<Item>(
  action: string,
  items: readonly Item[],
  outcomes: readonly Outcome[],
  failures: readonly ChunkFailure[],
): CdfError<Item> {
  const having = (...wanted: readonly Outcome[]): Item[] =>
    items.filter((_, index) => wanted.includes(outcomes[index] as Outcome));
  const failure = decisiveFailure(failures);
  const decisive = failure?.error;
  const error = CdfError.isInstance(decisive)
    ? decisive
    : new CdfError(`${action}: ${decisive?.message ?? 'failed'}`, {
        cause: decisive,
        delivery: outcomes.every((outcome) => outcome === 'notAttempted') ? 'none' : 'unknown',
      });
  const account = {
    successful: having('successful'),
    unknown: having('unknown'),
    failed: having('failed', 'notAttempted'),
    notAttempted: having('notAttempted'),
    errors: failures.map((each) => each.error),
  };
  return withAccount<Item>(error, account, { ...failure?.reason, ...namesOf(failures) });
}

/** The missing and duplicated names of all requests of the call. */
function namesOf(
  failures: readonly ChunkFailure[],
): Pick<ApiErrorDetails, 'missing' | 'duplicated'> {
  const refusals = failures.map(({ error }) => error).filter((error) => ApiError.isInstance(error));
  // Two requests may name the same.
  const once = (names: readonly ResourceName[]): ResourceName[] => [
    ...new Map(names.map((name) => [JSON.stringify(name), name])).values(),
  ];
  return {
    missing: once(refusals.flatMap((error) => error.missing)),
    duplicated: once(refusals.flatMap((error) => error.duplicated)),
  };
}

/** The most important failure for the caller: a final one, then a clear refusal, then the first. */
function decisiveFailure(failures: readonly ChunkFailure[]): ChunkFailure | undefined {
  return (
    failures.find((failure) => failure.final) ??
    failures.find((failure) => failure.outcome === 'failed') ??
    failures[0]
  );
}

/**
 * A copy of the error with an account of a write, of the same class; its message has the counts.
 *
 * @param changes members that replace those of the error; `cause` is the error itself unless given
 *   here
 */
export function withAccount<T>(
  decisive: CdfError,
  account: WriteAccount<T>,
  changes: Partial<ApiErrorDetails> = {},
): CdfError<T> {
  const { successful, unknown, failed, notAttempted } = account;
  const counts = Object.entries({ successful, unknown, failed, 'of them never sent': notAttempted })
    .filter(([, items]) => items.length > 0)
    .map(([name, items]) => `${items.length} ${name}`)
    .join(', ');
  return copyOfError(decisive, `${decisive.message} [${counts}]`, {
    cause: decisive,
    ...changes,
    ...account,
  });
}
