/**
 * The purpose of each run-time dependency. One that is not here fails the check: write its purpose,
 * and a decision.
 */
export const PURPOSES = {
  '@expo-google-fonts/inter': 'the font of PNGs on machines without any',
  '@hono/node-server': 'serves the emulator from Node',
  '@resvg/resvg-js': 'PNG from SVG in Node, without a browser',
  '@uwdata/flechette': 'Arrow IPC bytes',
  hono: 'routes, requests and responses of the emulator',
  'hyparquet-writer': 'Parquet files',
  jose: 'signed tokens and key sets of the emulator',
  ky: 'operations of CDF that have no method',
  libsql: 'SQLite: transactions and durability of the emulator',
  'log-update': 'progress bars in a terminal',
  mrmime: 'MIME types by file name, in Node',
  oauth4webapi: 'the OAuth grants, strictly by the RFCs',
  undici: 'proxies and private certificate authorities for `fetch` in Node',
};

/** Licences that a product with another licence may depend on. */
export const LICENCES =
  /^\(?(MIT|ISC|0BSD|Apache-2\.0|BSD-[23]-Clause|MPL-2\.0|OFL-1\.1)( (AND|OR) (MIT|OFL-1\.1|Apache-2\.0))*\)?$/;
