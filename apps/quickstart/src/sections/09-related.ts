import type { CdfClient } from '@cdf/sdk';
import { fact } from '../account.js';
import { ROOT } from './04-assets.js';

export interface Related {
  readonly events: number;
  readonly files: number;
  readonly timeSeries: number;
}

/** Retrieve all events, files and time series related to an asset subtree. */
export async function related(cdf: CdfClient): Promise<Related> {
  const subtreeRoot = await cdf.assets.retrieve({ externalId: ROOT });
  if (subtreeRoot === undefined) throw new Error(`the asset "${ROOT}" does not exist`);
  const subtree = subtreeRoot.subtree();

  const events = await subtree.events();
  const files = await subtree.files();
  const timeSeries = await subtree.timeSeries();
  fact('events of the subtree', events.length);
  fact('files of the subtree', files.length);
  fact('time series of the subtree', timeSeries.length);
  return { events: events.length, files: files.length, timeSeries: timeSeries.length };
}
