import { NetworkError } from '../errors.js';

/**
 * A part of the SDK that most programs do not need, and that bundlers therefore leave out of the
 * first load.
 *
 * @param part `import('../part.js')`
 * @throws {NetworkError} when it cannot be loaded: the page is older than the files on its server.
 *   Nothing was sent to CDF.
 */
export async function loadPart<Part>(part: Promise<Part>): Promise<Part> {
  try {
    return await part;
  } catch (cause) {
    throw new NetworkError('a module could not be loaded; reload the page', {
      cause,
      delivery: 'none',
    });
  }
}

/** The value of `make`, made once, on first use. A failed attempt is repeated. */
export function once<Part>(make: () => Promise<Part>): () => Promise<Part> {
  let made: Promise<Part> | undefined;
  return () => {
    made ??= make().catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    return made;
  };
}
