import { CONTROL_PATH } from './control/control-path.js';
import type { Emulator } from './emulator.js';
import { isLoopback } from './http/security.js';
import type { ServerOptions } from './options.js';

/** The text that the program prints once it answers requests. */
export function startScreen(emulator: Emulator, options: ServerOptions): string {
  const { url, project, clientId, clientSecret, tokenUrl, issuer, apiKey, controlToken } = emulator;
  const kept =
    options.dataFolder === undefined ? 'in memory, gone when it stops' : `in ${options.dataFolder}`;
  const opened = options.host !== undefined && !isLoopback(options.host.replace('::1', '[::1]'));
  const { allowOrigins = [] } = options;
  const origins =
    allowOrigins.length > 0
      ? allowOrigins.join(', ')
      : `those of ${url}; for others, --allow-origin http://localhost:5173`;
  return [
    `CDF emulator on ${url}, project ${project}, data ${kept}`,
    'For development and tests: never keep production data in it.',
    ...(opened
      ? ['Warning: it listens beyond this machine; anyone who knows the secrets below can use it.']
      : []),
    '',
    `export CDF_URL=${url}`,
    `export CDF_PROJECT=${project}`,
    `export CDF_TOKEN_URL=${tokenUrl}`,
    `export CDF_CLIENT_ID=${clientId}`,
    `export CDF_CLIENT_SECRET=${clientSecret}`,
    ...(apiKey === undefined ? [] : [`export CDF_API_KEY=${apiKey}`]),
    '',
    'In a browser (authorization code with PKCE, no secret, any name signs in):',
    `  issuer ${issuer}, client id ${clientId}, scopes openid and offline_access`,
    `  pages that may call: ${origins}`,
    '',
    `Control: ${url}${CONTROL_PATH}/ with the header x-control-token: ${controlToken}`,
    'Stop with Ctrl+C.',
    '',
  ].join('\n');
}
