import type { OAuthDeviceServerOptions } from '../shared/oauth-endpoints.js';
import type { UserSessionOptions } from '../shared/user-session.js';

/** The instructions for the person. */
export interface DeviceCodePrompt {
  /** Where to go, on any device. */
  readonly verificationUri: string;
  /** The URL with the code filled in, where the identity provider has it. */
  readonly verificationUriComplete?: string | undefined;
  readonly userCode: string;
  /** @unit milliseconds since the epoch */
  readonly expiresAt: number;
  /** All of it in one sentence. */
  readonly message: string;
}

/** The identity provider, the client, and how to show the person the instructions. */
export type OAuthDeviceCodeOptions = OAuthDeviceServerOptions &
  UserSessionOptions & {
    /** Shows the person where to go: `({ message }) => console.log(message)`. */
    readonly prompt: (prompt: DeviceCodePrompt) => void | Promise<void>;
  };
