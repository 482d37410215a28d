import { Readable } from 'node:stream';
import { ApiError, badRequest } from '../errors.js';
import { checkReferences, createCheck, itemMaker } from '../fields/derive.js';
import { FILES } from '../fields/files.js';
import { byteRange } from '../http/range.js';
import { type Call, get, post, type Route } from '../http/route.js';
import type { Tokens } from '../identity/tokens.js';
import type { Reference } from '../model/common.js';
import type { CdfFile, FileCreate } from '../model/file.js';
import { keysOf, type State } from '../state.js';
import { keyOf, resolve } from '../storage/references.js';
import { reference } from '../validation/common.js';
import { anything, array, needed, object, parse, text } from '../validation/schema.js';
import { stamp } from './create.js';
import { fileKind, fileView, flag, OWNED_BY_NODES } from './files.js';
import { checkOwner } from './node-items.js';

const MAX_SINGLE_UPLOAD_BYTES = 5_000_000_000;
const MAX_PART_BYTES = 4000 * 1024 * 1024;
const MIN_PART_BYTES = 5 * 1024 * 1024;
const MAX_PARTS = 250;
const UPLOAD_LINK_SECONDS = 7 * 24 * 3600;
const DOWNLOAD_LINK_SECONDS = 30;
const EXTENDED_DOWNLOAD_LINK_SECONDS = 3600;

const fileCheck = createCheck<FileCreate>(FILES);
const keyMembers = { id: anything, externalId: anything, instanceId: anything };
const oneFile = object({ items: needed(array(reference({ instance: true }), { min: 1, max: 1 })) });
const completeCheck = object({ uploadId: needed(text({ min: 1, max: 100 })), ...keyMembers });
const someFiles = object({
  items: needed(array(reference({ instance: true }), { min: 1, max: 100 })),
});

/** Creating files, and the links to move their contents. */
export function fileContentRoutes(state: State, tokens: Tokens): Route[] {
  const kind = fileKind(state);
  const uploadUrl = async (call: Call, fileId: number): Promise<string> =>
    `${call.origin}/storage/upload/${await tokens.signLink({ fileId }, UPLOAD_LINK_SECONDS)}`;
  const partUrls = async (
    call: Call,
    fileId: number,
  ): Promise<{ uploadId: string; uploadUrls: string[] }> => {
    const parts = partsOf(call);
    const uploadId = `${parts}-${crypto.randomUUID()}`;
    const sign = (part: number): Promise<string> =>
      tokens.signLink({ fileId, uploadId, part }, UPLOAD_LINK_SECONDS);
    const links = await Promise.all(Array.from({ length: parts }, (_, part) => sign(part)));
    return { uploadId, uploadUrls: links.map((link) => `${call.origin}/storage/upload/${link}`) };
  };
  const findOne = (items: readonly Reference[]): CdfFile =>
    resolve(state.files, items, kind.refusals)[0] as CdfFile;
  return [
    post(
      '/files',
      async (body, call) => {
        const file = createFile(state, parse(fileCheck, body), call);
        return { ...fileView(file), uploadUrl: await uploadUrl(call, file.id) };
      },
      201,
    ),
    post('/files/uploadlink', async (body, call) => {
      const file = findOne(parse(oneFile, body).items);
      return { items: [{ ...fileView(file), uploadUrl: await uploadUrl(call, file.id) }] };
    }),
    post(
      '/files/initmultipartupload',
      async (body, call) => {
        partsOf(call);
        const file = createFile(state, parse(fileCheck, body), call);
        return { ...fileView(file), ...(await partUrls(call, file.id)) };
      },
      201,
    ),
    post('/files/multiuploadlink', async (body, call) => {
      partsOf(call);
      const file = findOne(parse(oneFile, body).items);
      return { items: [{ ...fileView(file), ...(await partUrls(call, file.id)) }] };
    }),
    post('/files/completemultipartupload', async (body, call) => {
      const { uploadId, ...key } = parse(completeCheck, body);
      await completeUpload(
        state,
        findOne([parse(reference({ instance: true }), key)]),
        uploadId,
        call.requestId,
      );
      return {};
    }),
    post('/files/downloadlink', async (body, call) => {
      const { items } = parse(someFiles, body);
      const lifetime = flag(call, 'extendedExpiration')
        ? EXTENDED_DOWNLOAD_LINK_SECONDS
        : DOWNLOAD_LINK_SECONDS;
      const files = resolve(state.files, items, kind.refusals, { allowRepeated: true });
      const absent = files.filter(({ uploaded }) => !uploaded).map(({ id }) => id);
      if (absent.length > 0) throw badRequest(`Files not uploaded, ids: ${absent.join(', ')}`);
      const links = files.map(async ({ id }, index) => {
        const link = await tokens.signLink({ fileId: id, download: true }, lifetime);
        return {
          ...keyOf(items[index] as Reference),
          downloadUrl: `${call.origin}/storage/download/${link}`,
        };
      });
      return { items: await Promise.all(links) };
    }),
    get('/files/icon', async (call) => await icon(state, call)),
  ];
}

/**
 * Where the links lead: outside the project's path and without authorization, as with the real
 * object stores.
 */
export function storageRoutes(state: State, tokens: Tokens): Route[] {
  return [
    {
      method: 'PUT',
      path: '/storage/upload/:token',
      handle: async (call) => {
        const { fileId, uploadId, part } = await tokens.verifyLink(call.param('token'));
        if (state.files.get(Number(fileId)) === undefined)
          throw new ApiError(404, 'The file was deleted');
        if (typeof uploadId === 'string') {
          await state.blobs.write(partName(uploadId, Number(part)), call.stream(), MAX_PART_BYTES);
        } else if (typeof fileId === 'number') {
          const content = crypto.randomUUID();
          await state.blobs.write(content, call.stream(), MAX_SINGLE_UPLOAD_BYTES);
          setContent(state, fileId, content, call.requestId);
        }
        return new Response(null, { status: 200 });
      },
    },
    get('/storage/download/:token', async (call) => {
      const { fileId, download } = await tokens.verifyLink(call.param('token'));
      const file = state.files.get(Number(fileId));
      if (download !== true || file?.content === undefined)
        throw new ApiError(404, 'The file was deleted');
      return await contentResponse(
        state,
        file,
        file.mimeType ?? 'application/octet-stream',
        call.headers,
      );
    }),
  ];
}

function createFile(state: State, given: FileCreate, call: Call): CdfFile {
  checkReferences(FILES, state, [given]);
  const present =
    given.externalId === undefined ? undefined : state.files.getByExternalId(given.externalId);
  const overwrite = flag(call, 'overwrite');
  if (present !== undefined && !overwrite)
    throw fileKind(state).refusals.exists([given.externalId ?? '']);
  if (present !== undefined) checkOwner(present, { ...given }, OWNED_BY_NODES);
  const now = state.clock.now();
  const file: CdfFile =
    present === undefined
      ? (stamp(itemMaker<FileCreate>(FILES)(given), state.files.newId(), now) as CdfFile)
      : { ...present, ...given, lastUpdatedTime: now };
  const store = (): CdfFile[] => {
    if (present === undefined) state.files.create(file);
    else state.files.replace(file);
    return [file];
  };
  state.write(call.requestId, 'files', present === undefined ? 'create' : 'update', store, keysOf);
  return file;
}

/** The new content is on disk; one transaction makes it the file's content. */
function setContent(state: State, fileId: number, content: string, requestId: string): void {
  const now = state.clock.now();
  const before = state.files.get(fileId);
  if (before === undefined) {
    state.dropContent(content);
    throw new ApiError(404, 'The file was deleted');
  }
  const after: CdfFile = {
    ...before,
    content,
    uploaded: true,
    uploadedTime: now,
    lastUpdatedTime: now,
  };
  const store = (): CdfFile[] => {
    state.files.replace(after);
    state.nodeData.uploaded(after, now);
    return [after];
  };
  state.write(requestId, 'files', 'update', store, keysOf);
  if (before.content !== undefined) state.dropContent(before.content);
}

async function completeUpload(
  state: State,
  file: CdfFile,
  uploadId: string,
  requestId: string,
): Promise<void> {
  const count = Number(/^(\d+)-[0-9a-f-]{36}$/.exec(uploadId)?.[1] ?? 0);
  const names = Array.from({ length: count }, (_, part) => partName(uploadId, part));
  const present = new Set(await state.blobs.list());
  if (count === 0 || !present.has(names[0] as string))
    throw badRequest(`Upload not found: ${uploadId}`);
  const last = names.findLastIndex((name) => present.has(name));
  for (const [index, name] of names.slice(0, last + 1).entries()) {
    if (!present.has(name)) throw badRequest(`Part ${index + 1} of ${count} was not uploaded`);
    const { size } = await state.blobs.read(name);
    if (index < last && size < MIN_PART_BYTES)
      throw badRequest(`Part ${index + 1} is smaller than 5 MiB and not the last one`);
  }
  if (last < count - 1) throw badRequest(`Part ${last + 2} of ${count} was not uploaded`);
  const content = crypto.randomUUID();
  await state.blobs.join(content, names);
  setContent(state, file.id, content, requestId);
}

async function icon(state: State, call: Call): Promise<Response> {
  const { space, instanceExternalId, ...key } = Object.fromEntries(call.query);
  const id = key.id === undefined ? {} : { id: Number(key.id) };
  const instance =
    space === undefined && instanceExternalId === undefined
      ? {}
      : { instanceId: { space, externalId: instanceExternalId } };
  const asked = parse(reference({ instance: true }), { ...key, ...id, ...instance });
  const file = resolve(state.files, [asked], fileKind(state).refusals)[0] as CdfFile;
  if (!file.uploaded) throw badRequest(`Files not uploaded, ids: ${file.id}`);
  if (file.mimeType === 'image/png')
    throw new ApiError(501, 'The emulator makes no thumbnails of PNG files');
  if (file.mimeType !== 'image/jpeg') throw badRequest('Only JPEG and PNG files have an icon');
  return await contentResponse(state, file, 'image/jpeg', call.headers);
}

/**
 * The content or the one requested range of it; `If-Range` with another content's tag asks for all
 * of it.
 */
async function contentResponse(
  state: State,
  file: CdfFile,
  type: string,
  asked: Headers,
): Promise<Response> {
  const { size, stream } = await state.blobs.read(file.content ?? '');
  const etag = `"${file.content}"`;
  const isSame = (asked.get('if-range') ?? etag) === etag;
  const range = byteRange(isSame ? asked.get('range') : null, size);
  if (range === 'none') {
    throw new ApiError(
      416,
      `The content has ${size} bytes`,
      {},
      { 'content-range': `bytes */${size}` },
    );
  }
  const { from, to } = range ?? { from: 0, to: size };
  const headers: Record<string, string> = {
    'content-type': type,
    'content-length': String(to - from),
    'accept-ranges': 'bytes',
    etag,
  };
  if (range !== undefined) headers['content-range'] = `bytes ${from}-${to - 1}/${size}`;
  const body = Readable.toWeb(stream(from, to)) as unknown as ReadableStream;
  return new Response(body, { status: range === undefined ? 200 : 206, headers });
}

function partsOf(call: Call): number {
  const parts = Number(call.query.get('parts') ?? Number.NaN);
  if (!Number.isInteger(parts) || parts < 1 || parts > MAX_PARTS)
    throw badRequest(`parts must be between 1 and ${MAX_PARTS}`);
  return parts;
}

/** Upload ids are checked before they come here, so a name cannot lead out of the folder. */
function partName(uploadId: string, part: number): string {
  return `part-${uploadId}-${part}`;
}
