import { CdfClient, Token } from '@cdf/sdk';

/**
 * Names that blocks for browsers may use without declaring them. The page says where the emulator
 * is.
 */
declare global {
  interface Window {
    readonly emulator: {
      readonly url: string;
      readonly project: string;
      readonly clientId: string;
      readonly token: string;
    };
  }
}

const { emulator } = window;
export const tenantId = 'a1b2c3';
export const { clientId } = emulator;
export const client = new CdfClient({
  clientName: 'guides',
  project: emulator.project,
  baseUrl: emulator.url,
  credentials: new Token(emulator.token),
});
