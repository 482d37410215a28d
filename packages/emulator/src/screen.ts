import { statSync } from 'node:fs';
import { CONTROL_PATH } from './control/control-path.js';
import type { EmulatorCore } from './emulator.js';
import { isLoopback } from './http/security.js';
import type { ServerOptions } from './options.js';

/** The text that the program prints once it answers requests. */
export function startScreen(emulator: EmulatorCore, options: ServerOptions): string {
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
    ...aboutFolder(emulator.found, options),
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

/** The content that the folder had, and that others may look into it. */
function aboutFolder(found: string | undefined, options: ServerOptions): string[] {
  const { dataFolder, seed = 'none' } = options;
  if (dataFolder === undefined) return [];
  const lines = found === undefined ? [] : [`The folder holds data: ${found}.`];
  if (found !== undefined && seed !== 'none')
    lines.push(`--seed ${String(seed)} was not used; choose an empty folder to start from it.`);
  const word = /^[\w./-]+$/.test(dataFolder) ? dataFolder : `'${dataFolder}'`;
  const mode = statSync(dataFolder).mode & 0o777;
  if (process.platform !== 'win32' && (mode & 0o077) !== 0)
    lines.push(
      `Other users of this machine can open the folder (mode ${mode.toString(8)}): chmod 700 ${word}`,
    );
  return lines;
}
