import { openAsBlob, renameSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { createTransport, Token } from '@cdf/core';
import { FilesApi, type UploadSession } from '@cdf/events-files';
import { downloadToPath, fromPath, sha256 } from '@cdf/events-files/node';

/** A task of a test for another process. */
export interface Errand {
  readonly what: 'up' | 'up-sized-stream' | 'up-stream' | 'down';
  readonly url: string;
  readonly project: string;
  readonly token: string;
  readonly externalId: string;
  readonly path: string;
  /** Where to keep the session of an upload. */
  readonly sessionPath?: string | undefined;
  /** True if the upload replaces a file. */
  readonly overwrite?: boolean | undefined;
}

// A process of its own: its memory is only what moving bytes takes, and it can be killed.
const errand = JSON.parse(process.argv[2] as string) as Errand;
const transport = createTransport({
  clientName: 'mover',
  project: errand.project,
  baseUrl: errand.url,
  credentials: new Token(errand.token),
  retry: { backoffLimitMs: 50 },
});
const files = new FilesApi(transport);
const { externalId, path } = errand;
const atStart = process.memoryUsage().rss;
let peak = atStart;
const timer = setInterval(() => {
  peak = Math.max(peak, process.memoryUsage().rss);
}, 20);

if (errand.what === 'down') await downloadToPath(files, { externalId }, path, { checksum: sha256 });
else {
  const blob = await openAsBlob(path);
  const content =
    errand.what === 'up' ? fromPath(path) : (): ReadableStream<Uint8Array> => blob.stream();
  const stated = errand.what === 'up-stream' ? {} : { size: blob.size };
  const { sessionPath } = errand;
  const keep = {
    parallelParts: 1,
    checksum: sha256,
    overwrite: errand.overwrite,
    onSession: (session: UploadSession): void => {
      // A kill must not leave half a session.
      writeFileSync(`${sessionPath}.part`, JSON.stringify(session));
      renameSync(`${sessionPath}.part`, sessionPath as string);
    },
  };
  const options = sessionPath === undefined ? { ...stated, checksum: sha256 } : keep;
  await files.upload(content, { name: 'large', externalId }, options);
}
clearInterval(timer);
console.log(JSON.stringify({ grewBy: peak - atStart }));
await transport.close();
