import { readObject, unexpected } from '../resources/answers.js';
import type { CallOptions, Transport } from '../transport/transport.js';

/**
 * A right to do things, such as `assetsAcl`. Names that are newer than the SDK are passed through.
 */
export interface Capability {
  readonly [acl: string]: unknown;
}

/** Details of the token in use. */
export interface TokenInspection {
  readonly subject: string;
  /** The projects that the token is good for, with the ids of the groups it is in. */
  readonly projects: readonly {
    readonly projectUrlName: string;
    readonly groups: readonly number[];
  }[];
  readonly capabilities: readonly Capability[];
}

/** Questions about the token in use. */
export class TokenApi {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * The subject of the token, and its access. One request.
   *
   * @throws {AuthError} when the token is not accepted.
   * @see https://api-docs.cognite.com/20230101/tag/Token/operation/inspectToken
   */
  async inspect(options?: CallOptions): Promise<TokenInspection> {
    const path = '/api/v1/token/inspect';
    const answer = await this.#transport.request(
      { method: 'GET', path, idempotent: true },
      options,
    );
    const inspection = readObject(answer, `GET ${path}`) as TokenInspection;
    const projects: unknown = inspection.projects;
    if (!Array.isArray(projects)) throw unexpected(`GET ${path}`, 'it has no projects');
    if (projects.some((project) => typeof project?.projectUrlName !== 'string'))
      throw unexpected(`GET ${path}`, 'a project has no name');
    return inspection;
  }
}
