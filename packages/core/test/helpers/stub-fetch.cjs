// What a program is started with whose tests replace fetch.
globalThis.fetch = async () => Response.json({ from: 'the stub' });
