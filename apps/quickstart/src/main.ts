import process from 'node:process';
import { fact, heading, line } from './account.js';
import { shown, startEnvironment } from './environment.js';
import { installation } from './sections/01-installation.js';
import { authenticate } from './sections/02-authenticate.js';
import { client } from './sections/03-client.js';
import { assets } from './sections/04-assets.js';
import { load } from './sections/05-load.js';
import { discover } from './sections/06-discover.js';
import { plot } from './sections/07-plot.js';
import { partialFailure } from './sections/08-partial-failure.js';
import { related } from './sections/09-related.js';
import { dataModeling } from './sections/10-data-modeling.js';
import { measurements, spells } from './source/weather.js';
import { verify } from './verify.js';

/**
 * The getting-started page of the Python SDK, statement by statement, on real data and without an
 * account.
 */
async function walk(): Promise<void> {
  const environment = await startEnvironment();
  const { emulator, now } = environment;
  try {
    heading('Installation');
    installation();
    heading('Authenticate');
    const config = await authenticate(environment);
    heading('Instantiate a new client');
    const cdf = await client(config);
    const measured = measurements(now);
    heading('Create an asset hierarchy');
    await assets(cdf, measured);
    heading('Load the weather of Seattle, New York and Mauna Loa');
    await load(cdf, measured, spells());
    heading('Discover time series');
    await discover(cdf);
    heading('Plot time series');
    const pictures = await plot(cdf);
    heading('Create an asset hierarchy that partly fails');
    await partialFailure(config, environment);
    heading('Retrieve everything related to an asset subtree');
    const found = await related(cdf);
    heading('Model weather stations, and query them with types');
    await dataModeling(cdf);
    heading('Read everything back and compare it with the source');
    await verify(cdf, now, found);
    await cdf.close();

    heading('Done');
    for (const picture of pictures) fact('look at', picture);
    line('');
    line('Go on playing with this data:');
    line(`  npm run emulator -- --data ${shown(environment.dataFolder)}`);
  } finally {
    await emulator.close();
  }
}

try {
  await walk();
} catch (error) {
  console.error(`\nquickstart: ${error instanceof Error ? error.message : String(error)}`);
  if (process.env.CDF_DEBUG !== undefined) console.error(error);
  else console.error('Set CDF_DEBUG=1 to see where it happened.');
  process.exitCode = 1;
}
