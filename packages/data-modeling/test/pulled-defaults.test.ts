import { DataModelingApi, diff, pull } from '@cdf/data-modeling';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Project, startProject } from './project.js';
import { load } from './pulled.js';

const MODEL = { space: 'acme', externalId: 'Times', version: 'v1' };
const AT = { space: 'acme', externalId: 'Timed' };
/** What the API takes as a time, and the time that it means. */
const FORMS = {
  whole: ['2020-01-01T00:00:00', '2020-01-01T00:00:00.000Z'],
  fraction: ['2020-01-01T00:00:00.5', '2020-01-01T00:00:00.500Z'],
  hours: ['2020-01-01T00:00:00+01', '2019-12-31T23:00:00.000Z'],
  digits: ['2020-01-01T00:00:00-0130', '2020-01-01T01:30:00.000Z'],
  colon: ['2020-01-01T00:00:00.25+01:00', '2019-12-31T23:00:00.250Z'],
} as const;

describe('the default of a time', () => {
  let project: Project;
  const zone = process.env.TZ;
  beforeAll(async () => {
    project = await startProject({}, []);
    const api = new DataModelingApi(project.transport);
    await api.spaces.upsert([{ space: 'acme' }]);
    const container = { type: 'container', ...AT } as const;
    const properties = Object.entries(FORMS).map(
      ([name, [text]]) => [name, { type: { type: 'timestamp' }, defaultValue: text }] as const,
    );
    await api.containers.upsert([{ ...AT, properties: Object.fromEntries(properties) }]);
    const mapped = Object.keys(FORMS).map(
      (name) => [name, { container, containerPropertyIdentifier: name }] as const,
    );
    const view = { ...AT, version: 'v1' };
    await api.views.upsert([{ ...view, properties: Object.fromEntries(mapped) }]);
    await api.dataModels.upsert([{ ...MODEL, views: [{ type: 'view', ...view }] }]);
    process.env.TZ = 'America/New_York';
  });
  afterAll(async () => {
    if (zone === undefined) delete process.env.TZ;
    else process.env.TZ = zone;
    await project[Symbol.asyncDispose]();
  });

  it('is in UTC where it has no zone, whatever the zone of the machine', async () => {
    expect(new Date('2020-01-01T00:00:00').getUTCHours()).toBe(5);
    const text = await pull(project.transport, MODEL);
    for (const [name, [, time]] of Object.entries(FORMS))
      expect(text).toContain(`${name}: p.timestamp().optional().default(new Date('${time}'))`);
    expect(await diff(project.transport, await load(text))).toEqual([]);
  });
});
