/** A change of one place of a source file that a test should notice. */
export interface Mutant {
  file: string;
  line: number;
  /** Of the changed characters in the source. */
  offset: number;
  from: string;
  to: string;
  source: string;
}

/** Operators are written with a space on both sides, which tells `<` from a type parameter. */
const OPERATORS: Record<string, string> = {
  ' < ': ' <= ',
  ' <= ': ' < ',
  ' > ': ' >= ',
  ' >= ': ' > ',
  ' === ': ' !== ',
  ' !== ': ' === ',
  ' + ': ' - ',
  ' - ': ' + ',
  ' * ': ' / ',
  ' / ': ' * ',
  ' && ': ' || ',
  ' || ': ' && ',
  'Math.min(': 'Math.max(',
  'Math.max(': 'Math.min(',
  '.some(': '.every(',
  '.every(': '.some(',
  true: 'false',
  false: 'true',
};
/** Comments, texts and regular expressions stay; then operators, words and numbers of the code. */
const TOKEN =
  /(\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:\\.|[^'\\])*'|`(?:\\.|[^`\\])*`|(?<=[(,=:?&|!] ?)\/(?![*/ ])(?:\\.|[^/\\\n])+\/[a-z]*)|( (?:<=|>=|<|>|===|!==|\+|-|\*|\/|&&|\|\|) |Math\.(?:min|max)\(|\.(?:some|every)\(|\b(?:true|false)\b)|(?<![\w.])(\d[\d_]*(?:\.\d+)?(?:e-?\d+)?)(?![\w])/g;

/** Every mutant of a file: an operator turned, a number changed. Types and imports are left out. */
export function mutantsOf(file: string, source: string): Mutant[] {
  return [...source.matchAll(TOKEN)].flatMap(({ index, 0: token, 1: kept, 2: operator, 3: number }) => {
    if (kept !== undefined || isDeclaration(lineAt(source, index))) return [];
    const to = operator === undefined ? otherNumber(number) : OPERATORS[operator];
    return [
      {
        file,
        offset: index + token.length - token.trimStart().length,
        line: source.slice(0, index).split('\n').length,
        from: token.trim(),
        to: to.trim(),
        source: source.slice(0, index) + to + source.slice(index + token.length),
      },
    ];
  });
}

/** A threshold is held when the test fails at twice its value; a count when it fails at the next. */
function otherNumber(text: string): string {
  const value = Number(text.replaceAll('_', ''));
  return String(Number.isInteger(value) && value < 10 ? value + 1 : value * 2);
}

function lineAt(source: string, index: number): string {
  return source.slice(source.lastIndexOf('\n', index) + 1, source.indexOf('\n', index));
}

function isDeclaration(line: string): boolean {
  return /^\s*(import|export type|type|interface) /.test(line) || /^\s*\w+\??: [\w<>|[\]' ]+;$/.test(line);
}
