/**
 * How emulators of tests send bodies: a packet of the network at a time, so that no test passes only because answers come whole. Half of
 * the long runs have whole bodies, by their seed.
 */
export const NETWORK: { readonly chunkBytes?: number } =
  process.env.CDF_TEST_LONG === '1' && Number(process.env.CDF_TEST_SEED) % 2 === 0 ? {} : { chunkBytes: 1460 };
