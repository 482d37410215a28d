import { ConfigError, type Identifier } from '@cdf/core';
import { identifierKey, ownIdentifier, spelledIdentifier } from '@cdf/core/resource';
import { describe, expect, it } from 'vitest';

const read = (value: unknown) => spelledIdentifier(value as Identifier, 'retrieve pumps');

describe('a misspelt identifier', () => {
  it.each([
    [{ externalID: 'x' }, 'unknown name "externalID"; did you mean externalId?'],
    [{ external_id: 'x' }, 'unknown name "external_id"; did you mean externalId?'],
    [{ exernalId: 'x', other: 1 }, 'unknown name "exernalId"; did you mean externalId?'],
    [{ ID: 1 }, 'unknown name "ID"; did you mean id?'],
    [{ instanceID: {} }, 'unknown name "instanceID"; did you mean instanceId?'],
  ])('%j is an error that says which name was meant', (value, message) => {
    expect(() => read(value)).toThrow(new ConfigError(`retrieve pumps: ${message}`));
  });

  it('is found in the identifier of a node, too', () => {
    expect(() => read({ instanceId: { space: 's', externalID: 'x' } })).toThrow(
      'retrieve pumps: instanceId: unknown name "externalID"; did you mean externalId?',
    );
    expect(() => read({ instanceId: null })).toThrow(ConfigError);
  });

  it.each([
    ['pump-1', 'got the string "pump-1"'],
    [undefined, 'got undefined'],
    [null, 'got null'],
    [{ name: 'x' }, 'got Object { name }'],
    [['id'], 'got an array'],
  ])('and %j is the error that it was', (value, message) => {
    expect(() => read(value)).toThrow('retrieve pumps: expected exactly one of { id }');
    expect(() => read(value)).toThrow(message);
  });

  it('leaves what is spelt right, and other properties of a resource', () => {
    expect(read({ id: 1, externalID: 'x' })).toEqual({ id: 1 });
    expect(read({ externalId: 'x', external_id: 'y' })).toEqual({ externalId: 'x' });
    const instanceId = { space: 's', externalId: 'x' };
    expect(read({ instanceId: { ...instanceId, type: 'node' } })).toEqual({ instanceId });
    expect(read({ instanceId: { ...instanceId, spaces: 1 } })).toEqual({ instanceId });
  });
});

describe('a node whose view has an id of its own', () => {
  const node = { space: 's', externalId: 'x', version: 1, createdTime: 0, lastUpdatedTime: 0 };

  it.each([['tag-1'], [5], [null]])('is named as a node: %j', (id) => {
    const instanceId = { space: 's', externalId: 'x' };
    const given = { ...node, id } as never;
    expect(read(given)).toEqual({ instanceId });
    expect(read({ instanceId: given })).toEqual({ instanceId });
    // Not the classic resource of that id.
    expect(read(ownIdentifier(given))).toEqual({ instanceId });
    expect(identifierKey(given)).toBe(identifierKey({ instanceId }));
  });
});
