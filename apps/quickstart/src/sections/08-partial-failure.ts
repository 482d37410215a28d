import { CdfClient, CdfError, type ClientConfig } from '@cdf/sdk';
import { count, fact } from '../account.js';
import type { Environment } from '../environment.js';
import { airportHierarchy } from '../source/airports.js';

/** Create an asset hierarchy that fails in part, and know of every asset what became of it. */
export async function partialFailure(
  config: ClientConfig,
  { emulator }: Environment,
): Promise<void> {
  // One request at a time, so that the same one is lost whenever this runs.
  await using cdf = new CdfClient({ ...config, concurrency: { write: 1 } });
  const airports = airportHierarchy();
  // Two things go wrong: Texas refers to a parent that does not exist, and the answer to one
  // request is lost on the way.
  const hierarchy = airports.map((place) =>
    place.externalId === 'airports:USA:TX'
      ? { ...place, parentExternalId: 'airports:nowhere' }
      : place,
  );
  emulator.faults.add({
    method: 'POST',
    path: '/assets',
    skip: 2,
    count: 1,
    resetAfterHandling: true,
  });
  fact('assets to create', hierarchy.length);
  try {
    await cdf.assets.createHierarchy(hierarchy);
    throw new Error('a hierarchy with a missing parent was created');
  } catch (error) {
    if (!CdfError.isInstance(error) || error.failed.length === 0) throw error;
    fact('posted (successful)', error.successful.length);
    fact('may have been posted (unknown)', error.unknown.length);
    fact(
      'not posted (failed)',
      `${count(error.failed.length)}, ${count(error.notAttempted.length)} of them never sent`,
    );
    fact('together', error.successful.length + error.unknown.length + error.failed.length);
    fact('because', error.message);
  } finally {
    emulator.faults.clear();
  }

  // Again, with the fault corrected: assets that exist already are updated, the others are created.
  const repaired = await cdf.assets.createHierarchy(airports, { upsert: true });
  fact('after a second run with upsert', repaired.length);
}
