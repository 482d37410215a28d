import { expect } from 'vitest';
import type { Json } from '../../helpers.js';
import type { Answer } from '../naive/state.js';
import type { Subject } from '../subjects.js';

/** The example of the pairs: a view Thing/v1 over a container Thing in the space demo. */
export const V = { type: 'view', space: 'demo', externalId: 'Thing', version: 'v1' };
export const SUB = { ...V, externalId: 'Sub' };
export const ABSENT = { ...V, externalId: 'Absent' };
export const C = { type: 'container', space: 'demo', externalId: 'Thing' };
export const MAPPED = ['name', 'tag', 'power', 'count', 'big', 'seen', 'labels', 'kind', 'friends'];
export const N = (externalId: string): Json => ({
  instanceType: 'node',
  space: 'demo',
  externalId,
});
export const to = (externalId: string): Json => ({ space: 'demo', externalId });
export const P = (property: string): string[] => ['demo', 'Thing/v1', property];
export const of = (item: Json): Json => item.properties?.demo?.['Thing/v1'];
export const thing = (externalId: string, properties: Json): Json => ({
  ...N(externalId),
  sources: [{ source: V, properties }],
});
export const names = (items: Json): string[] => items.map(({ externalId }: Json) => externalId);

/** The items of an answer that must be 200. */
export function ok(answer: Answer): Json {
  expect(answer.body).not.toHaveProperty('error');
  expect(answer.status).toBe(200);
  return answer.body;
}

export function refused(answer: Answer, text: string | RegExp = /./, status = 400): void {
  expect(answer.body).toMatchObject({
    error: { code: status, message: expect.stringMatching(text) },
  });
  expect(answer.status).toBe(status);
}

export async function apply(subject: Subject, items: Json, options: Json = {}): Promise<Answer> {
  return await subject.post('instances', { items, ...options });
}

/** A node through Thing/v1, undefined if it is not there. */
export async function read(subject: Subject, externalId: string): Promise<Json> {
  const { items } = ok(
    await subject.post('instances/byids', { items: [N(externalId)], sources: [{ source: V }] }),
  );
  return items[0];
}

export async function list(subject: Subject, filter: Json, more: Json = {}): Promise<Answer> {
  return await subject.post('instances/list', {
    sources: [{ source: V }],
    filter,
    limit: 1000,
    ...more,
  });
}
