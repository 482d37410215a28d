/** A resource of the data modeling service, by its space and external id. */
export interface InstanceId {
  readonly space: string;
  readonly externalId: string;
}

/** The names of a resource that an error or a message has: any of them may be absent. */
export interface ResourceName {
  readonly id?: number | undefined;
  readonly externalId?: string | undefined;
  readonly instanceId?: InstanceId | undefined;
}
