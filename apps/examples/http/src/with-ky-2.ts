import type { Transport } from '@cdf/core';
import { cdfHttp } from '@cdf/core/http';
// In a project of yours: import ky from 'ky', in version 2.
import ky from 'ky-2';
import * as v from 'valibot';

const Functions = v.object({ items: v.array(v.object({ id: v.number(), name: v.string() })) });

/** Names of functions, with ky 2: `.json(schema)` checks the answer and has its type. */
export async function functionNames(transport: Transport): Promise<string[]> {
  const http = cdfHttp(transport, { ky });
  const { items } = await http.post('functions/list', { json: { limit: 100 } }).json(Functions);
  return items.map(({ name }) => name);
}
