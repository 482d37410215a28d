import { vi } from 'vitest';

vi.stubGlobal('fetch', async () => Response.json({ from: 'the stub' }));
