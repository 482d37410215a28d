import { createTransport, OAuthClientCredentials, type Transport } from '@cdf/core';
import { type Emulator, startEmulator } from '@cdf/emulator';
import { CdfClient, type ClientConfig } from '@cdf/sdk';
import { nodes } from '@cdf/sdk/data-modeling';
import * as graph from './graph.js';

/**
 * Names that blocks of the guides may use without declaring them. A block that declares one of them
 * has its own.
 */

/** Started as a reader starts it: `npx cdf-emulator --seed plant`. */
export const emulator: Emulator = await startEmulator({ seed: 'plant' });

export const { project, tokenUrl, clientId, clientSecret, url, url: baseUrl } = emulator;
export const tenantId = 'a1b2c3';
export const scopes: readonly string[] = [`${baseUrl}/.default`];
export const credentials = new OAuthClientCredentials({ tokenUrl, clientId, clientSecret, scopes });
/** A new one for each block: an earlier one may have revoked all that there were. */
export let token: string = await emulator.issueToken();
export const renewToken = async (): Promise<void> => {
  token = await emulator.issueToken();
};
export const fetchToken = (): Promise<string> => emulator.issueToken();

export const config: ClientConfig = { clientName: 'guides', project, baseUrl, credentials };
export const transport: Transport = createTransport(config);
export const client = new CdfClient(config);

export const timestamps = Float64Array.of(0, 1, 2);
export const values = Float64Array.of(1, 2, 3);
/** Stands for the reader's own code that uses the results. */
export const save = async (..._read: readonly unknown[]): Promise<void> => {};

export const { Area, Pump, WorkOrder } = graph;
export const areas = nodes(client, Area, { space: 'acme' });
export const pumps = nodes(client, Pump, { space: 'acme' });
