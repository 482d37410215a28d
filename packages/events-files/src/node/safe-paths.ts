/// <reference types="node" />

import { Buffer } from 'node:buffer';
import type { CdfFile } from '../file-types.js';

/** File systems accept 255 bytes, encrypted ones fewer. */
const MAX_NAME_BYTES = 180;

/** Characters with a meaning in some file system or terminal, text direction marks included. */
const UNSAFE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to replace.
  /[<>:"/\\|?*\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;
/** Devices of Windows, with any extension. */
const RESERVED = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(\..*)?$/i;

/**
 * Sanitizes a name to a single valid file name on every file system: no separators, no device name,
 * no dots alone, not too long. A valid name stays as it is.
 */
export function safeName(name: string): string {
  const wellFormed = Buffer.from(name.normalize('NFC')).toString();
  const sanitized = wellFormed
    .replace(UNSAFE, '_')
    .replace(/[. ]+$/, '')
    .replace(/^ +/, '');
  const named = sanitized === '' ? '_' : RESERVED.test(sanitized) ? `_${sanitized}` : sanitized;
  return shorten(named, MAX_NAME_BYTES);
}

/** Keeps the extension. */
function shorten(name: string, maxBytes: number): string {
  if (Buffer.byteLength(name) <= maxBytes) return name;
  const [stem, ending] = split(name);
  const kept = Buffer.byteLength(ending) <= 20 ? ending : '';
  let short = '';
  let bytes = 0;
  for (const character of kept === '' ? name : stem) {
    bytes += Buffer.byteLength(character);
    if (bytes > maxBytes - Buffer.byteLength(kept)) break;
    short += character;
  }
  return short.replace(/[. ]+$/, '') + kept;
}

function split(name: string): [string, string] {
  const dot = name.lastIndexOf('.');
  return dot <= 0 ? [name, ''] : [name.slice(0, dot), name.slice(dot)];
}

/**
 * A relative path for each file, with slashes. No path leads out of its folder, and all are
 * distinct, also on file systems that ignore case.
 */
export function planPaths(
  files: readonly Pick<CdfFile, 'name' | 'directory'>[],
  { keepDirectories = false }: { readonly keepDirectories?: boolean | undefined } = {},
): string[] {
  const folders = files.map(({ directory = '' }) =>
    keepDirectories
      ? directory
          .split('/')
          .filter((part) => part !== '')
          .map(safeName)
      : [],
  );
  const taken = new Set<string>();
  // A file must not take the name of a folder that another file needs.
  for (const parts of folders)
    for (let depth = 1; depth <= parts.length; depth += 1)
      taken.add(keyOf(parts.slice(0, depth).join('/')));
  // Where the search for a free number starts: many files may have one name.
  const counts = new Map<string, number>();
  return files.map(({ name }, index) => {
    const folder = (folders[index] as string[]).map((part) => `${part}/`).join('');
    const [stem, ending] = split(safeName(name));
    let path = `${folder}${stem}${ending}`;
    const key = keyOf(path);
    let count = counts.get(key) ?? 1;
    for (; taken.has(keyOf(path)); count += 1) path = `${folder}${stem} (${count})${ending}`;
    counts.set(key, count);
    taken.add(keyOf(path));
    return path;
  });
}

/** Equal for names that some file system treats as the same. */
function keyOf(path: string): string {
  return path.normalize('NFKC').toLowerCase().toUpperCase();
}
