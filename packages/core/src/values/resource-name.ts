/** A resource of the data modeling service, by its space and external id. */
export interface InstanceId {
  readonly space: string;
  readonly externalId: string;
}

/** What an error or a message knows of a resource: any of its names. */
export interface ResourceName {
  readonly id?: number | undefined;
  readonly externalId?: string | undefined;
  readonly instanceId?: InstanceId | undefined;
}
