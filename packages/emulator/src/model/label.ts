import type { Item, Stamped } from './common.js';

/** A label's `id` is the emulator's own and never sent. */
export interface Label extends Item {
  readonly externalId: string;
  readonly name: string;
  readonly description?: string | undefined;
  readonly dataSetId?: number | undefined;
}

export type LabelCreate = Omit<Label, Stamped>;
