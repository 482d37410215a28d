import { writeFileSync } from 'node:fs';
import { pull } from '@cdf/data-modeling';
import { startProject } from './project.js';

await using project = await startProject();
const text = await pull(
  project.transport,
  { space: 'cdf_cdm', externalId: 'CogniteCore', version: 'v1' },
  { declarations: true },
);
writeFileSync(new URL('../src/cognite-core.ts', import.meta.url), text.replace("'@cdf/data-modeling'", "'./index.js'"));
