import { type CallOptions, DecodeError, type Transport } from '@cdf/core';
import { callProgress } from '@cdf/core/resource';
import type { Hasher } from '../upload/entry.js';
import { DownloadReader, type FileSource } from './download-reader.js';

export interface FileStreamOptions extends CallOptions {
  /** The checksum that the bytes must have. */
  readonly proof?: { readonly hasher: Hasher; readonly digest: string } | undefined;
}

/** The bytes of a file as they come. */
export interface FileStream {
  readonly body: ReadableStream<Uint8Array>;
  /** Absent where the answer has no length. @unit bytes */
  readonly size: number | undefined;
}

/**
 * Opens a file for reading. A body that is cut or stalls is continued; an expired link is renewed.
 * The stream gives all bytes of the file or an error.
 */
export async function openFileStream(
  transport: Transport,
  source: FileSource,
  options: FileStreamOptions = {},
): Promise<FileStream> {
  const { signal, proof } = options;
  const reader = new DownloadReader(transport, source, options);
  await reader.open();
  const finish = async (): Promise<void> => {
    // A body without a length may end early and look whole: its length has to be known from
    // elsewhere.
    const isMeasured = reader.size !== undefined || (await reader.hasStoredLength());
    if (!isMeasured && proof === undefined)
      throw new DecodeError(
        `download: the answer ${reader.isCompressed ? 'is compressed' : 'has no length'} and the length of the file is unknown; pass checksum to prove it`,
      );
    if (proof !== undefined && proof.hasher.digest() !== proof.digest)
      throw new DecodeError('download: the bytes do not match the checksum in the metadata');
  };
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          signal?.throwIfAborted();
          const chunk = await reader.next();
          if (chunk === undefined) {
            await finish();
            return controller.close();
          }
          proof?.hasher.update(chunk);
          callProgress(options, reader.received, reader.size);
          controller.enqueue(chunk);
        } catch (error) {
          await reader.cancel(error);
          controller.error(error);
        }
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
  return { body, size: reader.size };
}
