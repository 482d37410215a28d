import { Converter, ReflectionKind } from 'typedoc';
import { MarkdownPageEvent } from 'typedoc-plugin-markdown';
import ts from 'typescript';

/** A longer type says less than the page of its name. */
const LONGEST_TYPE = 120;
const FORMAT =
  ts.TypeFormatFlags.NoTruncation | ts.TypeFormatFlags.UseAliasDefinedOutsideCurrentScope;

/**
 * Adds a table of members to the page of each type alias that is an expression, such as
 * `Omit<A, 'b'> & C`: TypeDoc shows the expression only. An alias of a union of strings gets its
 * values.
 *
 * @param {import('typedoc').Application} app
 */
export function listMembers(app) {
  const members = new Map();
  app.converter.on(Converter.EVENT_CREATE_DECLARATION, (context, reflection) => {
    if (!reflection.kindOf(ReflectionKind.TypeAlias)) return;
    const declaration = context
      .getSymbolFromReflection(reflection)
      ?.declarations?.find(ts.isTypeAliasDeclaration);
    const text = declaration === undefined ? undefined : textOf(declaration, context.checker);
    if (text !== undefined) members.set(reflection, text);
  });
  app.renderer.on(MarkdownPageEvent.END, (page) => {
    const text = members.get(page.model);
    if (text !== undefined) page.contents = `${page.contents.trimEnd()}\n\n${text}\n`;
  });
}

function textOf(declaration, checker) {
  // TypeDoc lists the members of a literal itself.
  if (ts.isTypeLiteralNode(declaration.type) || ts.isLiteralTypeNode(declaration.type))
    return undefined;
  const type = checker.getTypeAtLocation(declaration);
  if (ts.isUnionTypeNode(declaration.type)) return undefined;
  if (type.isUnion() && type.types.every((each) => each.isStringLiteral()))
    return valuesOf(type, checker);
  // The properties of a union are those that all of its types have.
  const parts = type.isUnion() ? type.types : [type];
  if (!parts.every(isObject) || type.getCallSignatures().length > 0) return undefined;
  const rows = checker
    .getPropertiesOfType(type)
    .filter((symbol) => isOurs(symbol))
    .map((symbol) => row(symbol, declaration, checker));
  if (rows.length === 0) return undefined;
  return ['## Members', '', '| Member | Type | Description |', '| --- | --- | --- |', ...rows].join(
    '\n',
  );
}

function valuesOf(type, checker) {
  return [
    '## Values',
    '',
    type.types.map((each) => `\`${checker.typeToString(each)}\``).join(', '),
  ].join('\n');
}

function isObject(type) {
  return (type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)) !== 0;
}

/**
 * Without the members of arrays and promises, and without private symbols. Mapped types have no
 * declaration.
 */
function isOurs(symbol) {
  const file = symbol.declarations?.[0]?.getSourceFile().fileName;
  return file?.includes('/node_modules/') !== true && !symbol.name.startsWith('__');
}

function row(symbol, declaration, checker) {
  const optional = symbol.flags & ts.SymbolFlags.Optional ? '?' : '';
  const type = checker.getTypeOfSymbolAtLocation(symbol, declaration);
  const shown = checker.typeToString(
    optional === '' ? type : checker.getNonNullableType(type),
    declaration,
    FORMAT,
  );
  const short = shown.length > LONGEST_TYPE ? `${shown.slice(0, LONGEST_TYPE)}…` : shown;
  const comment = ts
    .displayPartsToString(symbol.getDocumentationComment(checker))
    .replaceAll(/\s+/g, ' ');
  const tags = symbol.getJsDocTags(checker).flatMap(({ name, text }) => {
    const value = ts.displayPartsToString(text).trim();
    return name === 'default' || name === 'unit' ? [`${name}: ${value}`] : [];
  });
  const description = [comment, ...tags].filter((part) => part !== '').join(' · ');
  return `| \`${symbol.name}${optional}\` | ${code(short)} | ${escapeHtml(description)} |`;
}

/** In a table a bar ends the cell, in code as well. */
function code(text) {
  return `\`${text.replaceAll(/\s+/g, ' ').replaceAll('|', '\\|')}\``;
}

/** Outside of code, VitePress reads angle brackets and double braces as a template. */
function escapeHtml(text) {
  return text
    .split(/(`[^`]*`)/)
    .map((part, index) =>
      index % 2 === 1
        ? part.replaceAll('|', '\\|')
        : part.replaceAll('<', '&lt;').replaceAll('|', '\\|').replaceAll('{{', '&#123;&#123;'),
    )
    .join('');
}
