import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isKnownRead } from '../src/http/known-reads.js';

/**
 * Every POST of the three documents of the API, by hand: those that only read, and all others. A
 * star is a parameter.
 */
const READS = `
  /assets/aggregate /assets/byids /assets/list /assets/search /datasets/aggregate /datasets/byids /datasets/list
  /documents/aggregate /documents/content /documents/list /documents/passages/search /documents/search
  /events/aggregate /events/byids /events/list /events/search /extpipes/byids /extpipes/list /extpipes/runs/list
  /files/aggregate /files/byids /files/downloadlink /files/list /files/search /functions/*/calls/byids
  /functions/*/calls/list /functions/byids /functions/list /functions/schedules/byids /functions/schedules/list
  /labels/byids /labels/list /models/containers/byids /models/containers/inspect /models/datamodels/byids
  /models/instances/aggregate /models/instances/byids /models/instances/inspect /models/instances/list
  /models/instances/query /models/instances/search /models/instances/sync /models/spaces/byids
  /models/statistics/spaces/byids /models/views/byids /profiles/byids /profiles/search /relationships/byids
  /relationships/list /sequences/aggregate /sequences/byids /sequences/data/latest /sequences/data/list
  /sequences/list /sequences/search /sessions/byids /streams/*/records/aggregate /streams/*/records/filter
  /streams/*/records/sync /timeseries/aggregate /timeseries/byids /timeseries/data/latest /timeseries/data/list
  /timeseries/list /timeseries/search /timeseries/subscriptions/byids /timeseries/subscriptions/data/list
  /timeseries/synthetic/query /transformations/byids /transformations/filter /transformations/jobs/byids
  /transformations/schedules/byids /units/byids /workflows/executions/list /workflows/versions/list
`;
const WRITES = `
  /assets /assets/delete /assets/update /datasets /datasets/update /events /events/delete /events/update /extpipes
  /extpipes/config /extpipes/config/revert /extpipes/delete /extpipes/runs /extpipes/update /files
  /files/completemultipartupload /files/delete /files/initmultipartupload /files/multiuploadlink /files/update
  /files/uploadlink /functions /functions/*/call /functions/delete /functions/schedules /functions/schedules/delete
  /functions/status /groups /groups/delete /labels /labels/delete /models/containers
  /models/containers/constraints/delete /models/containers/constraints/retry /models/containers/delete
  /models/containers/indexes/delete /models/containers/indexes/retry /models/containers/properties/retry
  /models/datamodels /models/datamodels/delete /models/instances /models/instances/delete /models/spaces
  /models/spaces/delete /models/views /models/views/delete /raw/dbs /raw/dbs/*/tables /raw/dbs/*/tables/*/rows
  /raw/dbs/*/tables/*/rows/delete /raw/dbs/*/tables/delete /raw/dbs/delete /relationships /relationships/delete
  /relationships/update /securitycategories /securitycategories/delete /sequences /sequences/data
  /sequences/data/delete /sequences/delete /sequences/update /sessions /sessions/revoke /streams /streams/*/records
  /streams/*/records/delete /streams/*/records/upsert /streams/delete /timeseries /timeseries/data
  /timeseries/data/delete /timeseries/delete /timeseries/subscriptions /timeseries/subscriptions/delete
  /timeseries/subscriptions/update /timeseries/update /transformations /transformations/cancel
  /transformations/delete /transformations/notifications /transformations/notifications/delete
  /transformations/query/run /transformations/run /transformations/schedules /transformations/schedules/delete
  /transformations/schedules/update /transformations/update /workflows /workflows/*/versions/*/run /workflows/delete
  /workflows/executions/*/cancel /workflows/executions/*/retry /workflows/tasks/*/update /workflows/triggers
  /workflows/triggers/*/pause /workflows/triggers/*/resume /workflows/triggers/delete /workflows/versions
  /workflows/versions/delete
`;
const pathsOf = (text: string): string[] => text.trim().split(/\s+/);
const DOCUMENTS = ['core', 'datamodeling', 'more'].map(
  (name) => new URL(`../../../../shared/contract/cdf-openapi-${name}.json`, import.meta.url),
);

describe('what is known to read', () => {
  it('is each POST that only reads, with any id in its path', () => {
    for (const id of ['1', 'a%2Fb', 'update'])
      expect(
        pathsOf(READS).filter((path) => !isKnownRead('POST', path.replaceAll('*', id))),
      ).toEqual([]);
  });

  it('is not another POST, nor another verb but GET', () => {
    for (const id of ['1', 'list', 'byids'])
      expect(
        pathsOf(WRITES).filter((path) => isKnownRead('POST', path.replaceAll('*', id))),
      ).toEqual([]);
    for (const path of pathsOf(READS)) {
      expect(isKnownRead('GET', path)).toBe(true);
      for (const verb of ['PUT', 'PATCH', 'DELETE', 'post'])
        expect(isKnownRead(verb, path)).toBe(false);
    }
  });

  it.each([
    '/listings',
    '/functions/list/',
    '/xlist',
    '/models/query',
    '/data/latest',
    '/streams/a/b/records/sync',
  ])('is not %s, which only looks like it', (path) =>
    expect(isKnownRead('POST', path)).toBe(false),
  );

  it.skipIf(!DOCUMENTS.every((document) => existsSync(document)))(
    'covers the operations of the API: each POST is in one of the lists',
    () => {
      const posts = DOCUMENTS.flatMap((document) => {
        const { paths } = JSON.parse(readFileSync(document, 'utf8')) as {
          paths: Record<string, object>;
        };
        return Object.keys(paths).filter(
          (path) => 'post' in (paths[path] as object) && !path.startsWith('/api/'),
        );
      }).map((path) => path.replaceAll(/\{[^}]*\}/g, '*'));
      expect(posts.length).toBeGreaterThan(150);
      expect([...new Set(posts)].sort()).toEqual([...pathsOf(READS), ...pathsOf(WRITES)].sort());
    },
  );
});
