import { CdfClient } from '@cdf/sdk';
import { CdfClient as LeanCdfClient } from '@cdf/sdk/core';
import { fact } from '../account.js';

/**
 * Installation. `npm install @cdf/sdk` brings everything, charts and tables included;
 * `npm install @cdf/sdk-core` is the lean client without them, which `@cdf/sdk/core` gives as well.
 * Upgrading is `npm install @cdf/sdk@latest`.
 */
export function installation(): void {
  fact('full client', `@cdf/sdk: ${CdfClient.name}, with .plot()`);
  fact('lean client', `@cdf/sdk-core: ${LeanCdfClient.name}, without plotting`);
  fact('the full one is a lean one', String(CdfClient.prototype instanceof LeanCdfClient));
}
