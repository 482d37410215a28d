import ts from 'typescript';

/**
 * The functions of a source file that can be emptied: exported functions and the public methods of
 * exported classes. Functions with an empty body are left out.
 *
 * @param {string} path
 * @param {string} text
 * @returns {{ path: string, name: string, start: number, end: number }[]} body positions, braces
 * included
 */
export function candidatesOf(path, text) {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const found = [];
  const add = (name, body) => {
    if (body !== undefined && ts.isBlock(body) && body.statements.length > 0)
      found.push({ path, name, start: body.getStart(source), end: body.getEnd() });
  };
  for (const statement of source.statements) {
    if (!isExported(statement)) continue;
    if (ts.isFunctionDeclaration(statement)) add(statement.name?.text ?? 'default', statement.body);
    else if (ts.isClassDeclaration(statement)) {
      for (const member of statement.members)
        if ((ts.isMethodDeclaration(member) || ts.isGetAccessor(member)) && isPublic(member))
          add(`${statement.name?.text}.${member.name.getText(source)}`, member.body);
    } else if (ts.isVariableStatement(statement)) {
      for (const declaration of statement.declarationList.declarations) {
        const value = declaration.initializer;
        if (value !== undefined && ts.isArrowFunction(value))
          add(declaration.name.getText(source), value.body);
      }
    }
  }
  return found;
}

function isExported(node) {
  return (
    ts.canHaveModifiers(node) &&
    (ts.getModifiers(node) ?? []).some((each) => each.kind === ts.SyntaxKind.ExportKeyword)
  );
}

function isPublic(member) {
  const hidden = [ts.SyntaxKind.PrivateKeyword, ts.SyntaxKind.ProtectedKeyword];
  return (
    !ts.isPrivateIdentifier(member.name) &&
    !(member.modifiers ?? []).some((each) => hidden.includes(each.kind))
  );
}

/** The file with that function's body emptied. */
export function emptied(text, { start, end }) {
  return `${text.slice(0, start)}{}${text.slice(end)}`;
}

/**
 * Chosen by the seed: at least `perPackage` of each package where it has as many, the rest from
 * all.
 *
 * @template {{ package: string }} C
 * @param {C[]} candidates
 * @returns {C[]}
 */
export function choose(candidates, { seed, count, perPackage }) {
  const shuffled = shuffle(candidates, seed);
  const taken = new Set();
  const perName = new Map();
  for (const candidate of shuffled) {
    const have = perName.get(candidate.package) ?? 0;
    if (have >= perPackage) continue;
    perName.set(candidate.package, have + 1);
    taken.add(candidate);
  }
  for (const candidate of shuffled) {
    if (taken.size >= count) break;
    taken.add(candidate);
  }
  return [...taken];
}

function shuffle(items, seed) {
  const copy = [...items];
  let state = seed >>> 0;
  const random = () => {
    // mulberry32: small, and the same on every machine.
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  for (let index = copy.length - 1; index > 0; index -= 1) {
    const other = Math.floor(random() * (index + 1));
    [copy[index], copy[other]] = [copy[other], copy[index]];
  }
  return copy;
}
