import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memoryTransport } from '@cdf/core/testing';
import { FilesApi } from '@cdf/events-files/files';
import { downloadToDirectory, downloadToPath, uploadDirectory } from '@cdf/events-files/node';
import { expect, it } from 'vitest';

/** As a program without types calls it. */
const untyped = (value: unknown): never => value as never;

const bytes = new Blob(['x']);
const name = { externalId: 'f' };
const { signal } = new AbortController();

const CALLS: readonly [
  what: string,
  call: (files: FilesApi, folder: string) => Promise<unknown>,
  message: string,
][] = [
  [
    'upload',
    (files) => files.upload(bytes, { name: 'f' }, untyped({ overwite: true })),
    'upload: unknown name "overwite"; did you mean overwrite?',
  ],
  [
    'upload, of a call',
    (files) => files.upload(bytes, { name: 'f' }, untyped({ timeout: 1 })),
    'upload: unknown name "timeout"; did you mean timeoutMs?',
  ],
  [
    'upload, a switch',
    (files) => files.upload(bytes, { name: 'f' }, untyped({ overwrite: 'no' })),
    'upload: overwrite must be true or false, got the string "no"',
  ],
  [
    'upload, progress',
    (files) => files.upload(bytes, { name: 'f' }, untyped({ onProgress: 5 })),
    'upload: onProgress must be a function, got 5',
  ],
  [
    'upload, among the fields',
    (files) => files.upload(bytes, untyped({ name: 'f', overwrite: true })),
    'upload: overwrite is an option; pass it in the last argument',
  ],
  [
    'upload, of the call among the fields',
    (files) => files.upload(bytes, untyped({ name: 'f', signal })),
    'upload: signal is an option; pass it in the last argument',
  ],
  [
    'upload, null',
    (files) => files.upload(bytes, { name: 'f' }, untyped(null)),
    'upload: expected an object of options, got null',
  ],
  [
    'uploadContent',
    (files) => files.uploadContent(name, bytes, untyped({ sha_256: 'x' })),
    'uploadContent: unknown name "sha_256"; known names: size, partSize',
  ],
  [
    'uploadContent, of a new file',
    (files) => files.uploadContent(name, bytes, untyped({ overwrite: true })),
    'uploadContent: unknown name "overwrite"',
  ],
  [
    'resumeUpload',
    (files) => files.resumeUpload(untyped({}), bytes, untyped({ verfy: true })),
    'resumeUpload: unknown name "verfy"; did you mean verify?',
  ],
  [
    'create',
    (files) => files.create({ name: 'f' }, untyped({ timeout: 1 })),
    'create: unknown name "timeout"; did you mean timeoutMs?',
  ],
  ['create of nothing', (files) => files.create(untyped(undefined)), 'file: expected the fields'],
  [
    'upload of fields that were not awaited',
    (files) => files.upload(new File(['x'], 'f'), untyped(Promise.resolve(name))),
    'file: expected the fields of an entry, got Promise',
  ],
  [
    'create of a list',
    (files) => files.create(untyped([{ name: 'f' }])),
    'file: expected the fields of an entry, got an array',
  ],
  [
    'create of what was not awaited',
    (files) => files.create(untyped(Promise.resolve({ name: 'f' }))),
    'file: expected the fields of an entry, got Promise',
  ],
  [
    'download',
    (files) => files.download(name, untyped({ timeout: 1 })),
    'download: unknown name "timeout"; did you mean timeoutMs?',
  ],
  [
    'downloadStream',
    (files) => files.downloadStream(name, untyped({ offset: 1 })),
    'download: unknown name "offset"; known names: checksum, signal',
  ],
  [
    'downloadUrls',
    (files) => files.downloadUrls([name], untyped({ extendedExpiry: true })),
    'downloadUrls: unknown name "extendedExpiry"; did you mean extendedExpiration?',
  ],
  [
    'downloadUrls, of the call',
    (files) => files.downloadUrls([name], untyped({ signal })),
    'downloadUrls: signal is a call option; pass it in the last argument',
  ],
  [
    'downloadUrls of one',
    (files) => files.downloadUrls(untyped(name)),
    'downloadUrls: expected an array of identifiers, got Object { externalId }',
  ],
  [
    'uploadDirectory',
    (files, folder) => uploadDirectory(files, folder, untyped({ recursiv: false })),
    'uploadDirectory: unknown name "recursiv"; did you mean recursive?',
  ],
  [
    'uploadDirectory, a switch',
    (files, folder) => uploadDirectory(files, folder, untyped({ recursive: 'no' })),
    'uploadDirectory: recursive must be true or false, got the string "no"',
  ],
  [
    'downloadToDirectory',
    (files, folder) => downloadToDirectory(files, [name], folder, untyped({ keepDirectory: true })),
    'downloadToDirectory: unknown name "keepDirectory"; did you mean keepDirectories?',
  ],
  [
    'downloadToPath',
    (files, folder) => downloadToPath(files, name, join(folder, 'f'), untyped({ checksums: 1 })),
    'download: unknown name "checksums"; did you mean checksum?',
  ],
];

it.each(CALLS)(
  'an unknown option is refused before anything is sent: %s',
  async (_, call, message) => {
    const transport = memoryTransport(() => ({ items: [] }));
    const folder = await mkdtemp(join(tmpdir(), 'misspelt-'));
    await writeFile(join(folder, 'f.txt'), 'x');
    await expect(call(new FilesApi(transport), folder)).rejects.toThrow(message);
    expect(transport.requests).toHaveLength(0);
  },
);
