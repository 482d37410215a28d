import { postExact } from '../http/exact-route.js';
import type { Route } from '../http/route.js';
import { checkWritableSpaces } from '../schema/writer.js';
import type { State } from '../state.js';
import { parse } from '../validation/schema.js';
import { type Applied, type ApplyResult, apply } from './apply.js';
import { type Deleted, deleteInstances } from './delete.js';
import type { Entry } from './entry.js';
import { inspectInstances, instancesByIds } from './read.js';
import type { Selections } from './selection.js';
import { applyCheck, deleteCheck } from './write-body.js';

const PATH = '/models/instances';

/** The endpoints that write instances, and those that read them by their keys. */
export function instanceRoutes(state: State, selections: Selections): Route[] {
  return [
    postExact(PATH, (body, call) => {
      const request = parse(applyCheck, body);
      const write = (): ApplyResult => {
        const now = state.clock.now();
        const result = apply(state, request, now);
        state.nodeData.changed(result.changed, now);
        return result;
      };
      const { items, deleted } = state.write(
        call.requestId,
        'instances',
        'create',
        write,
        (result) => result.changed.map(writtenOf),
      );
      return { items: items.map(appliedAnswer), deleted: deleted.map(keyAnswer) };
    }),
    postExact(`${PATH}/delete`, (body, call) => {
      const { items } = parse(deleteCheck, body);
      checkWritableSpaces(
        state.schema,
        items.map(({ space }) => space),
      );
      const write = (): Deleted => {
        const now = state.clock.now();
        const result = deleteInstances(state, items, now);
        state.nodeData.changed(result.all, now);
        return result;
      };
      const { named } = state.write(call.requestId, 'instances', 'delete', write, ({ all }) =>
        all.map(writtenOf),
      );
      return { items: named.map(keyAnswer) };
    }),
    postExact(`${PATH}/byids`, (body) => instancesByIds(state, selections, body)),
    postExact(`${PATH}/inspect`, (body) => inspectInstances(state, body)),
  ];
}

function appliedAnswer({ entry, wasModified }: Applied): object {
  const { instanceType, version, space, externalId, createdTime, lastUpdatedTime } = entry;
  return { instanceType, version, wasModified, space, externalId, createdTime, lastUpdatedTime };
}

function keyAnswer({ instanceType, externalId, space }: Entry): object {
  return { instanceType, externalId, space };
}

function writtenOf({ seq, key }: Entry): { id: number; externalId: string } {
  return { id: seq, externalId: key };
}
