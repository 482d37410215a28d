import { type CdfHttp, toSearchParams } from '@cdf/core/http';
import * as v from 'valibot';

const Functions = v.object({
  items: v.array(
    v.object({ id: v.number(), name: v.string(), status: v.string(), createdTime: v.number() }),
  ),
});
export type CdfFunction = v.InferOutput<typeof Functions>['items'][number];

/** The functions that were created in a window of time. One request. */
export async function listFunctions(
  http: CdfHttp,
  since: Date,
  limit: number,
): Promise<CdfFunction[]> {
  const filter = { createdTime: { min: since } };
  return v.parse(Functions, await http.post('functions/list', { json: { filter, limit } }).json())
    .items;
}

const Workflows = v.object({
  items: v.array(v.object({ externalId: v.string(), description: v.optional(v.string()) })),
  nextCursor: v.optional(v.string()),
});
export type Workflow = v.InferOutput<typeof Workflows>['items'][number];

/** Every workflow. One request for each page. */
export async function* listWorkflows(http: CdfHttp): AsyncGenerator<Workflow> {
  let cursor: string | undefined;
  do {
    const searchParams = toSearchParams({ limit: 100, cursor });
    const page = v.parse(Workflows, await http.get('workflows', { searchParams }).json());
    yield* page.items;
    cursor = page.nextCursor;
  } while (cursor !== undefined);
}

const Groups = v.object({
  items: v.array(
    v.object({
      id: v.number(),
      name: v.string(),
      capabilities: v.optional(v.array(v.record(v.string(), v.unknown()))),
    }),
  ),
});
export type Group = v.InferOutput<typeof Groups>['items'][number];

/** All groups of the project. One request. */
export async function listGroups(http: CdfHttp): Promise<Group[]> {
  return v.parse(Groups, await http.get('groups', { searchParams: { all: true } }).json()).items;
}

const Found = v.object({
  items: v.array(
    v.object({ item: v.object({ id: v.number(), sourceFile: v.object({ name: v.string() }) }) }),
  ),
});
export interface FoundDocument {
  readonly id: number;
  readonly name: string;
}

/** Documents by words in their content. One request. */
export async function searchDocuments(
  http: CdfHttp,
  query: string,
  signal?: AbortSignal,
): Promise<FoundDocument[]> {
  const answer = await http
    .post('documents/search', { json: { search: { query }, limit: 10 }, ...(signal && { signal }) })
    .json();
  return v
    .parse(Found, answer)
    .items.map(({ item: { id, sourceFile } }) => ({ id, name: sourceFile.name }));
}

/** The text of a document. `report` gets how many bytes have come so far. */
export function documentText(
  http: CdfHttp,
  id: number,
  report: (bytes: number) => void,
): Promise<string> {
  return http
    .post('documents/content', {
      json: { id },
      onDownloadProgress: ({ transferredBytes }) => report(transferredBytes),
    })
    .text();
}
