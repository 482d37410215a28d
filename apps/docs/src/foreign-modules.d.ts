/** What examples import and this workspace does not install, as far as they use it. */
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
      startSpan(name: string, options?: { kind?: number; attributes?: Record<string, string | number> }): Span;
    };
    setSpan(context: Context, span: Span): Context;
  };
}
