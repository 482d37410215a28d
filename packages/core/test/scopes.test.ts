import {
  ConfigError,
  OAuthClientCertificate,
  OAuthClientCredentials,
  OAuthDeviceCode,
  OAuthInteractive,
} from '@cdf/core';
import { describe, expect, it } from 'vitest';

const pem = '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----';
const OPTIONS = {
  tokenUrl: 'https://idp.example.com/token',
  authorizationUrl: 'https://idp.example.com/authorize',
  deviceAuthorizationUrl: 'https://idp.example.com/device',
  clientId: 'a',
  clientSecret: 'b',
  privateKey: pem,
  thumbprint: '00'.repeat(20),
  window: { open: () => {} },
  prompt: () => {},
};

const MESSAGE = "scopes must be an array, such as ['openid']";

describe('scopes', () => {
  it.each([
    ['OAuthInteractive', OAuthInteractive],
    ['OAuthDeviceCode', OAuthDeviceCode],
    ['OAuthClientCredentials', OAuthClientCredentials],
    ['OAuthClientCertificate', OAuthClientCertificate],
  ])('of %s are an array, from the beginning', (name, Provider) => {
    const make = (scopes: unknown) => () => new Provider({ ...OPTIONS, scopes } as never);
    expect(make(['a', 'b'])).not.toThrow();
    for (const scopes of ['a b', 5, {}, null].filter(
      (each) => each !== null || /Interactive|Device/.test(name),
    )) {
      expect(make(scopes)).toThrow(ConfigError);
      expect(make(scopes)).toThrow(MESSAGE);
    }
  });

  it.each([
    ['OAuthInteractive', OAuthInteractive],
    ['OAuthDeviceCode', OAuthDeviceCode],
  ])('of %s must be given', (_, Provider) => {
    expect(() => new Provider(OPTIONS as never)).toThrow(MESSAGE);
  });
});
