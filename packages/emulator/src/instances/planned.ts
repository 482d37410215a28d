import type { Entry, InstanceType, Row } from './entry.js';

/** An instance as an apply request will leave it. */
export interface Planned {
  readonly instanceType: InstanceType;
  readonly space: string;
  readonly externalId: string;
  readonly key: string;
  /** The instance as it is; absent for a new one. */
  readonly before: Entry | undefined;
  readonly type: string | undefined;
  readonly start: string | undefined;
  readonly end: string | undefined;
  readonly data: Readonly<Record<string, Row>>;
  /** The containers that the request touches, by their codes. */
  readonly touched: ReadonlySet<string>;
}
