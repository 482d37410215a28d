import { badRequest } from '../errors.js';

/** A parsed expression. */
export type Expression =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'series'; readonly options: Readonly<Record<string, string | number>> }
  | { readonly kind: 'negate'; readonly operand: Expression }
  | {
      readonly kind: 'operation';
      readonly operator: '+' | '-' | '*' | '/';
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly kind: 'call'; readonly name: string; readonly operands: readonly Expression[] }
  | { readonly kind: 'list'; readonly values: readonly (string | number)[] };

type Token =
  | { readonly kind: 'number'; readonly value: number; readonly at: number }
  | { readonly kind: 'text'; readonly value: string; readonly at: number }
  | { readonly kind: 'name' | 'symbol' | 'end'; readonly value: string; readonly at: number };

const MAX_DEPTH = 100;
const MAX_LENGTH = 20_000;
const SERIES_OPTIONS = new Set([
  'id',
  'externalId',
  'space',
  'aggregate',
  'granularity',
  'targetUnit',
  'targetUnitSystem',
]);

/** Parses an expression; refuses an invalid one with 400, and says where. */
export function parseExpression(text: string): Expression {
  if (text.length > MAX_LENGTH)
    throw badRequest(`An expression can have at most ${MAX_LENGTH} characters`);
  const parser = new Parser(text, tokensOf(text));
  return parser.whole();
}

class Parser {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;

  constructor(text: string, tokens: readonly Token[]) {
    this.#text = text;
    this.#tokens = tokens;
  }

  whole(): Expression {
    const expression = this.#sum();
    this.#expect('end');
    return expression;
  }

  #sum(): Expression {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) throw this.#failure('nested too deeply');
    let left = this.#product();
    for (
      let operator = this.#symbol('+', '-');
      operator !== undefined;
      operator = this.#symbol('+', '-')
    ) {
      left = { kind: 'operation', operator: operator as '+' | '-', left, right: this.#product() };
    }
    this.#depth -= 1;
    return left;
  }

  #product(): Expression {
    let left = this.#unary();
    for (
      let operator = this.#symbol('*', '/');
      operator !== undefined;
      operator = this.#symbol('*', '/')
    ) {
      left = { kind: 'operation', operator: operator as '*' | '/', left, right: this.#unary() };
    }
    return left;
  }

  #unary(): Expression {
    let negative = false;
    for (let sign = this.#symbol('-', '+'); sign !== undefined; sign = this.#symbol('-', '+')) {
      if (sign === '-') negative = !negative;
    }
    const operand = this.#primary();
    return negative ? { kind: 'negate', operand } : operand;
  }

  #primary(): Expression {
    const token = this.#next();
    if (token.kind === 'number') return { kind: 'number', value: token.value };
    if (token.kind === 'symbol' && token.value === '(') {
      const inner = this.#sum();
      this.#expect('symbol', ')');
      return inner;
    }
    if (token.kind === 'symbol' && token.value === '[') return this.#list();
    if (token.kind === 'name' && token.value.toLowerCase() === 'ts') return this.#series();
    if (token.kind === 'name') return this.#call(token.value.toLowerCase());
    if (token.kind !== 'end') this.#at -= 1;
    throw this.#failure('expected a number, a time series or a function');
  }

  #series(): Expression {
    this.#expect('symbol', '{');
    const options: Record<string, string | number> = {};
    do {
      const { value: name } = this.#expect('name');
      if (!SERIES_OPTIONS.has(String(name))) throw this.#failure(`unknown option ${name}`);
      if (this.#symbol('=', ':') === undefined) throw this.#failure('expected = after an option');
      const value = this.#next();
      if (value.kind !== 'number' && value.kind !== 'text')
        throw this.#failure('expected a number or a quoted string');
      options[String(name)] = value.value;
    } while (this.#symbol(',') !== undefined);
    this.#expect('symbol', '}');
    return { kind: 'series', options };
  }

  #call(name: string): Expression {
    this.#expect('symbol', '(');
    const operands: Expression[] = [];
    if (this.#symbol(')') === undefined) {
      do operands.push(this.#sum());
      while (this.#symbol(',') !== undefined);
      this.#expect('symbol', ')');
    }
    return { kind: 'call', name, operands };
  }

  #list(): Expression {
    const values: (string | number)[] = [];
    do {
      const negative = this.#symbol('-') !== undefined;
      const token = this.#next();
      if (token.kind !== 'number' && token.kind !== 'text')
        throw this.#failure('expected a number or a quoted string');
      values.push(negative && token.kind === 'number' ? -token.value : token.value);
    } while (this.#symbol(',') !== undefined);
    this.#expect('symbol', ']');
    return { kind: 'list', values };
  }

  #symbol(...symbols: readonly string[]): string | undefined {
    const token = this.#tokens[this.#at];
    if (token?.kind !== 'symbol' || !symbols.includes(token.value)) return undefined;
    this.#at += 1;
    return token.value;
  }

  #next(): Token {
    const token = this.#tokens[this.#at] as Token;
    if (token.kind !== 'end') this.#at += 1;
    return token;
  }

  #expect(kind: Token['kind'], value?: string): Token {
    const token = this.#tokens[this.#at] as Token;
    if (token.kind !== kind || (value !== undefined && token.value !== value)) {
      throw this.#failure(`expected ${value ?? (kind === 'end' ? 'the end' : `a ${kind}`)}`);
    }
    this.#at += 1;
    return token;
  }

  #failure(problem: string): Error {
    const { at } = this.#tokens[Math.min(this.#at, this.#tokens.length - 1)] as Token;
    return badRequest(
      `Invalid expression at position ${at}: ${problem}, near '${this.#text.slice(at, at + 20)}'`,
    );
  }
}

const TOKEN =
  /\s*(?:(\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)|([A-Za-z_]\w*)|('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|([-+*/(){}[\],=:]))/y;

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  const end = text.trimEnd().length;
  while (TOKEN.lastIndex < end) {
    const start = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (match === null)
      throw badRequest(
        `Invalid expression at position ${start}: '${text.slice(start, start + 20)}'`,
      );
    const [whole, number, name, quoted, symbol] = match;
    const at = start + whole.length - whole.trimStart().length;
    if (number !== undefined) tokens.push({ kind: 'number', value: Number(number), at });
    else if (name !== undefined) tokens.push({ kind: 'name', value: name, at });
    else if (quoted !== undefined)
      tokens.push({ kind: 'text', value: quoted.slice(1, -1).replace(/\\(.)/g, '$1'), at });
    else tokens.push({ kind: 'symbol', value: symbol ?? '', at });
  }
  tokens.push({ kind: 'end', value: '', at: end });
  return tokens;
}
