/**
 * How emulators of tests send bodies: in pieces, so that no test passes only because answers come
 * whole. Half of the long runs have whole bodies, by their seed.
 */
export const NETWORK: { readonly chunkBytes?: number } = inPieces(8191);

/** The same where bodies have megabytes. */
export const NETWORK_OF_FILES: typeof NETWORK = inPieces(65_521);

function inPieces(chunkBytes: number): { readonly chunkBytes?: number } {
  return process.env.CDF_TEST_LONG === '1' && Number(process.env.CDF_TEST_SEED) % 2 === 0
    ? {}
    : { chunkBytes };
}
