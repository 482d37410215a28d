import type { Inspect } from './inspectable.js';

/** Items of a list that are shown, such as those that were not written. */
const MOST_ITEMS = 3;

/** Errors in errors. */
const MOST_NESTED = 10;

/** Members that messages usually repeat. */
const REPEATED = ['method', 'path', 'status', 'requestId', 'missing', 'duplicated'];

/** Shown in their own way: a code is in the name of the class. */
const SHOWN_APART = ['code', 'name', 'stack', 'message', 'cause', 'errors'];

/**
 * An error for a console: its stack, and facts that its message lacks. Left out are members that
 * are empty, and causes whose text is in the message already. The error itself keeps them.
 *
 * @param inspect that of the console; absent for tools that only look for a method of this kind
 */
export function inspectError(
  error: Error,
  inspect: Inspect | undefined,
  options: object = {},
): string {
  const { stack = String(error), message } = error;
  // The class was unknown when the stack was taken.
  const named = stack.replace(/^\w+(?=: |\n|$)/, error.name);
  if (inspect === undefined) return named;
  // A plain error, which consoles know, in a class of the same name.
  const Shown = { [error.name]: class extends Error {} }[error.name] as ErrorConstructor;
  const shown = new Shown(message);
  const put = (name: string, value: unknown, enumerable: boolean): void => {
    Object.defineProperty(shown, name, { value, enumerable, configurable: true, writable: true });
  };
  put('name', error.name, false);
  put('stack', named, false);
  for (const [name, value] of Object.entries(error))
    if (!SHOWN_APART.includes(name) && !isEmpty(value) && !isPart(name, error))
      if (!REPEATED.includes(name) || !isSaid(value, message)) put(name, value, true);
  const { cause, errors } = error as { readonly cause?: unknown; readonly errors?: unknown };
  const news = newCause(cause, message);
  if (news !== undefined) put('cause', news, false);
  const others = Array.isArray(errors)
    ? errors.filter((each) => each !== cause && newCause(each, message) === each)
    : [];
  if (others.length > 0) put('errors', others, false);
  return inspect(shown, { ...options, maxArrayLength: MOST_ITEMS });
}

/** The first cause whose message is not part of the error's message. */
function newCause(cause: unknown, message: string): unknown {
  let current = cause;
  for (let depth = 0; depth < MOST_NESTED && current instanceof Error; depth++) {
    if (!message.includes(current.message)) return current;
    current = current.cause;
  }
  return current instanceof Error ? undefined : current;
}

function isEmpty(value: unknown): boolean {
  return (
    value === undefined ||
    value === false ||
    value === 'none' ||
    (Array.isArray(value) && value.length === 0)
  );
}

/** Tells whether a message has every part of a value. */
function isSaid(value: unknown, message: string): boolean {
  if (typeof value !== 'object' || value === null) return message.includes(String(value));
  const parts = Object.values(value);
  return parts.length <= MOST_ITEMS + 2 && parts.every((part) => isSaid(part, message));
}

/** Items that were never sent are among those that failed. */
function isPart(name: string, error: object): boolean {
  const { failed, notAttempted } = error as {
    readonly failed?: unknown[];
    readonly notAttempted?: unknown[];
  };
  return name === 'notAttempted' && failed?.length === notAttempted?.length;
}
