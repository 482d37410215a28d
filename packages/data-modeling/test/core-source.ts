import { writeFileSync } from 'node:fs';
import { pull } from '@cdf/data-modeling';
import { startProject } from './project.js';

await using project = await startProject();
const text = await pull(
  project.transport,
  { space: 'cdf_cdm', externalId: 'CogniteCore', version: 'v1' },
  { declarations: true },
);
const head = `// Made from the core model by \`node --conditions=@cdf/source --import tsx packages/data-modeling/test/core-source.ts\`, and formatted.
// A test compares it with the model.

`;
writeFileSync(
  new URL('../src/core-views.ts', import.meta.url),
  head + text.replace("'@cdf/data-modeling'", "'./view/public.js'"),
);
