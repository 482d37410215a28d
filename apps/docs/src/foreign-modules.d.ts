// Modules that examples import and the compiler cannot find here, as far as they use them.

declare module '@opentelemetry/api' {
  export interface Span {
    setAttribute(name: string, value: string | number): Span;
    setStatus(status: { readonly code: number; readonly message?: string }): Span;
    end(): void;
  }
  interface Context {
    readonly kind: 'context';
  }
  export const SpanKind: { readonly CLIENT: number };
  export const SpanStatusCode: { readonly ERROR: number };
  export const context: { active(): Context };
  export const propagation: { inject(context: Context, carrier: Record<string, string>): void };
  export const trace: {
    getTracer(name: string): {
      startSpan(
        name: string,
        options?: { kind?: number; attributes?: Record<string, string | number> },
      ): Span;
    };
    setSpan(context: Context, span: Span): Context;
  };
}

/** Its own types cannot be found with `moduleResolution: nodenext`. */
declare module '@cognite/sdk' {
  export class CogniteClient {
    constructor(options: {
      readonly appId: string;
      readonly project: string;
      readonly baseUrl?: string;
      readonly oidcTokenProvider: () => Promise<string>;
    });
  }
}
