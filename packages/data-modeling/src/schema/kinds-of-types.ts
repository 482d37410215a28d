/** The kinds of the API's types, and the TypeScript types of their values. */
export const KINDS: Readonly<Record<string, readonly [call: string, kind: string, value: string]>> =
  {
    text: ['text', 'text', 'string'],
    int32: ['int', 'int', 'number'],
    int64: ['bigint', 'bigint', 'bigint'],
    float32: ['float', 'float', 'number'],
    float64: ['float', 'float', 'number'],
    boolean: ['bool', 'bool', 'boolean'],
    timestamp: ['timestamp', 'timestamp', 'Date'],
    date: ['date', 'date', 'string'],
    json: ['json', 'json', 'Readonly<Record<string, unknown>>'],
    timeseries: ['classic', 'classic', 'string'],
    file: ['classic', 'classic', 'string'],
    sequence: ['classic', 'classic', 'string'],
  };

/** Tells whether views of ours have properties of a type of the API. */
export function isKnownType(type: unknown): boolean {
  return type === 'direct' || type === 'enum' || Object.hasOwn(KINDS, String(type));
}
