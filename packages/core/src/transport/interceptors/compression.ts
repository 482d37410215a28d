import { gzip } from '#platform';
import { isLoopback } from '../url.js';
import type { TransportPart } from './part.js';

/** Below this gzip costs more than it saves. @unit characters */
const WORTH_COMPRESSING = 8192;

/**
 * Gzips request bodies.
 *
 * @param when `auto` compresses JSON and protobuf of more than 8192 characters, and nothing to this machine; `always` everything
 */
export function compression(when: 'auto' | 'always' = 'auto'): TransportPart {
  return {
    part: 'compression',
    compress(data, contentType, url) {
      // Protobuf by any of its names, none of which is spelled out: programs that send none carry no trace of it.
      const shrinks = typeof data === 'string' || /^application\/.*buf$/.test(contentType);
      const worth = shrinks && data.length > WORTH_COMPRESSING;
      return when === 'always' || (worth && !isLoopback(new URL(url))) ? gzip(data) : undefined;
    },
  };
}
