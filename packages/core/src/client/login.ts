import { ApiError, AuthError } from '../errors.js';
import type { CallOptions, Transport } from '../transport/transport.js';
import { TokenApi } from './token-inspection.js';

/** The answer of `login.status()`. */
export interface LoginStatus {
  /** True if the credentials are accepted and give access to the client's project. */
  readonly loggedIn: boolean;
  /** The subject of the credentials; empty when they are not accepted. */
  readonly subject: string;
  /** The client's project. */
  readonly project: string;
  /** With an API key only. */
  readonly projectId?: number | undefined;
  /** With an API key only. */
  readonly apiKeyId?: number | undefined;
  /** When the token ends, if that is known. @unit milliseconds since the epoch */
  readonly expiresAt?: number | undefined;
}

/** The state of the sign-in. */
export class LoginApi {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * Tells if the credentials work for the client's project. One request: a token is inspected, an
   * API key is looked up at the legacy endpoint. Credentials that CDF does not accept are an
   * answer, not an error.
   *
   * @throws {AuthError} when signing in at the identity provider fails.
   * @throws {ApiError} when the legacy endpoint is gone, naming the alternative.
   */
  async status(options?: CallOptions): Promise<LoginStatus> {
    const { project, authentication } = this.#transport;
    try {
      return await (authentication?.scheme === 'api-key'
        ? this.#legacy(options)
        : this.#inspect(options));
    } catch (error) {
      const refused =
        AuthError.isInstance(error) && error.status === 401 && error.delivery === 'refused';
      if (!refused) throw error;
      return { loggedIn: false, subject: '', project };
    }
  }

  async #inspect(options: CallOptions | undefined): Promise<LoginStatus> {
    const transport = this.#transport;
    const { subject, projects } = await new TokenApi(transport).inspect(options);
    return {
      loggedIn: projects.some(({ projectUrlName }) => projectUrlName === transport.project),
      subject,
      project: transport.project,
      expiresAt: transport.authentication?.expiresAt,
    };
  }

  async #legacy(options: CallOptions | undefined): Promise<LoginStatus> {
    const { project } = this.#transport;
    try {
      const { data } = await this.#transport.request<{ data: LegacyStatus }>(
        { method: 'GET', path: '/login/status', idempotent: true },
        options,
      );
      const { user, loggedIn, projectId, apiKeyId } = data;
      return {
        loggedIn: loggedIn && data.project === project,
        subject: user,
        project,
        projectId,
        apiKeyId,
      };
    } catch (error) {
      if (!ApiError.isInstance(error) || ![404, 405, 410].includes(error.status)) throw error;
      throw new ApiError(
        'GET /login/status: this cluster has no API keys any more; use an OAuth credential such as OAuthClientCredentials, with which login.status() and token.inspect() work',
        {
          status: error.status,
          requestId: error.requestId,
          method: 'GET',
          path: '/login/status',
          cause: error,
        },
      );
    }
  }
}

interface LegacyStatus {
  readonly user: string;
  readonly loggedIn: boolean;
  readonly project: string;
  readonly projectId?: number;
  readonly apiKeyId?: number;
}
