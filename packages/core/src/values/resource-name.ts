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
