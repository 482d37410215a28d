/** A resource of the data modeling service, by its space and external id. */
export interface InstanceId {
  readonly space: string;
  readonly externalId: string;
}

/** The identifiers of a resource in errors and messages. Each may be absent. */
export interface ResourceName {
  readonly id?: number | undefined;
  readonly externalId?: string | undefined;
  readonly instanceId?: InstanceId | undefined;
}

/** Names without those that come again: a service may name one once for each place of a request. */
export function distinctNames(names: readonly ResourceName[]): ResourceName[] {
  return [...new Map(names.map((name) => [JSON.stringify(name), name])).values()];
}
