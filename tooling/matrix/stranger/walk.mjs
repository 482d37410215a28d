import { strict as assert } from 'node:assert';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmulator } from '@cdf/emulator';
import {
  CdfClient,
  CdfError,
  EmptyDataError,
  globalConfig,
  OAuthClientCredentials,
  Token,
} from '@cdf/sdk';

const HOUR = 3_600_000;
const emulator = await startEmulator();
const folder = await mkdtemp(join(tmpdir(), 'walk-'));
try {
  const { project, url: baseUrl, tokenUrl, clientId, clientSecret } = emulator;
  const credentials = new OAuthClientCredentials({ tokenUrl, clientId, clientSecret });
  globalConfig.defaultClientConfig = { clientName: 'walk', project, baseUrl, credentials };
  const client = new CdfClient();
  assert.equal((await client.login.status()).loggedIn, true);
  const withToken = new CdfClient({
    clientName: 'walk',
    project,
    baseUrl,
    credentials: new Token(() => emulator.issueToken()),
  });
  assert.equal((await withToken.token.inspect()).projects[0].projectUrlName, project);

  const root = { name: 'root', externalId: '1' };
  const child = { name: 'child', externalId: '2', parentExternalId: '1' };
  const descendant = { name: 'descendant', externalId: '3', parentExternalId: '2' };
  const created = await client.assets.createHierarchy([descendant, child, root]);
  assert.equal(created.length, 3);
  const stray = { name: 'stray', externalId: '5', parentExternalId: 'does-not-exist' };
  await assert.rejects(
    client.assets.createHierarchy([{ name: 'other', externalId: '4' }, stray]),
    (error) => {
      assert.ok(CdfError.isInstance(error));
      assert.deepEqual(
        [error.successful.length, error.unknown.length, error.failed.length],
        [1, 0, 1],
      );
      return true;
    },
  );

  const [{ id: assetId }] = await client.assets.retrieveMultiple([{ externalId: '3' }]);
  await client.timeSeries.create({
    externalId: 'pressure',
    name: 'Pressure',
    unit: 'bar',
    assetId,
  });
  const now = Date.now();
  const timestamps = Float64Array.from({ length: 48 }, (_, hour) => now - (48 - hour) * HOUR);
  const values = timestamps.map((_, hour) => 4 + Math.sin(hour / 6));
  await client.datapoints.insert({ externalId: 'pressure' }, { timestamps, values });
  await client.events.create({
    externalId: 'event',
    assetIds: [assetId],
    startTime: now - HOUR,
    endTime: now,
  });
  await client.files.upload(new Blob(['text']), { name: 'manual.txt', assetIds: [assetId] });

  const list = await client.timeSeries.list({ includeMetadata: false });
  assert.equal(list.length, 1);
  const read = await client.datapoints.retrieve({ externalId: 'pressure', start: '3d-ago' });
  assert.deepEqual(read.values, values);
  const series = await client.timeSeries.retrieve({ externalId: 'pressure' });
  const chart = await series.plot();
  for (const name of ['chart.svg', 'chart.png', 'chart.html']) await chart.save(join(folder, name));
  assert.match(await readFile(join(folder, 'chart.svg'), 'utf8'), /^<svg[\s\S]*Pressure/);
  assert.ok((await readFile(join(folder, 'chart.png'))).length > 5_000);
  await assert.rejects(series.plot({ start: '1995-01-01', end: '1995-01-02' }), (error) =>
    EmptyDataError.isInstance(error),
  );
  const maxima = await client.datapoints.retrieve({
    items: [{ externalId: 'pressure' }],
    start: '10d-ago',
    end: 'now',
    aggregates: ['max'],
    granularity: '1h',
  });
  assert.match(maxima.plot().toSvg(), /^<svg/);

  const subtree = (await client.assets.retrieve({ externalId: '1' })).subtree();
  assert.equal((await subtree.events()).length, 1);
  assert.equal((await subtree.files()).length, 1);
  assert.equal((await subtree.timeSeries()).length, 1);
  await client.close();
  await withToken.close();
} finally {
  await emulator.close();
  await rm(folder, { recursive: true, force: true });
}
console.log(`${process.version} done`);
