import { ApiError } from '../../errors.js';
import { safeText } from '../failure/redact.js';
import type { Send, WireAnswer, WireRequest } from '../interceptor.js';

/** How an attempt ended. */
export interface Outcome {
  readonly status: number | undefined;
  readonly requestId: string | undefined;
  readonly error: Error | undefined;
  readonly durationMs: number;
}

/** Sends, and reports how that ended. */
export async function observe(
  next: Send,
  request: WireRequest,
  report: (outcome: Outcome) => void,
): Promise<WireAnswer> {
  const startedAt = performance.now();
  const end = (status?: number, requestId?: string, error?: Error): void =>
    report({ status, requestId, error, durationMs: performance.now() - startedAt });
  try {
    const answer = await next(request);
    const requestId = answer.headers.get('x-request-id');
    end(answer.status, requestId ? safeText(requestId, 100) : undefined);
    return answer;
  } catch (error) {
    const { status, requestId } = ApiError.isInstance(error) ? error : {};
    end(status, requestId, error instanceof Error ? error : undefined);
    throw error;
  }
}
