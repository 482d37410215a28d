import { itemMaker } from '../fields/derive.js';
import { FILES } from '../fields/files.js';
import type { Entry } from '../instances/entry.js';
import type { InstanceStore } from '../instances/instance-store.js';
import type { InstanceId } from '../model/common.js';
import type { CdfFile } from '../model/file.js';
import { CORE_CODES } from '../schema/core.js';
import { instanceKey } from '../schema/keys.js';
import { textAt } from './values.js';

/** The defaults of a new file. */
const blank = itemMaker<Partial<CdfFile>>(FILES) as (given: object) => CdfFile;

/** The file that a node is. The fields that the node has come from the node; the others stay. */
export function fileOf(
  entry: Entry,
  before: CdfFile | undefined,
): Omit<CdfFile, 'id' | 'createdTime' | 'lastUpdatedTime'> {
  const { pendingInstanceId: _taken, ...kept } = before ?? blank({});
  return {
    ...kept,
    instanceId: { space: entry.space, externalId: entry.externalId },
    name: textAt(entry, CORE_CODES.describable, 'name') ?? 'untitled',
    mimeType: textAt(entry, CORE_CODES.file, 'mimeType'),
    directory: textAt(entry, CORE_CODES.file, 'directory'),
  };
}

/** Notes on a node that its content has come. Runs inside a transaction. */
export function markUploaded(instances: InstanceStore, instanceId: InstanceId, now: number): void {
  const entry = instances.get(instanceKey(instanceId));
  const row = entry?.data[CORE_CODES.file];
  if (entry === undefined || row === undefined) return;
  const data = {
    ...entry.data,
    [CORE_CODES.file]: { ...row, isUploaded: true, uploadedTime: now },
  };
  instances.update(entry, { data, lastUpdatedTime: now });
}
