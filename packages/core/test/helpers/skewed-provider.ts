import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface SkewedProvider extends AsyncDisposable {
  readonly issuer: string;
  /** A CDF that accepts what this provider has issued and has not ended, by the same clock. Tells how often a token was asked for. */
  readonly baseUrl: string;
  /** PEM. */
  readonly privateKey: string;
}

/** An identity provider, and a CDF, whose clock is that much ahead of ours: in a process of its own, where `Date` was moved. */
export async function startSkewedProvider(aheadMs: number): Promise<SkewedProvider> {
  const program = fileURLToPath(new URL('./skewed-provider-process.ts', import.meta.url));
  const child = fork(program, [String(aheadMs)], { execArgv: ['--import', 'tsx'] });
  const started = Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(() => {
      throw new Error('the identity provider did not start');
    }),
  ]);
  const [addresses] = (await started) as [Pick<SkewedProvider, 'issuer' | 'baseUrl' | 'privateKey'>];
  return {
    ...addresses,
    async [Symbol.asyncDispose]() {
      const ended = once(child, 'exit');
      child.kill();
      await ended;
    },
  };
}
