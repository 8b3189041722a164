import type { Random } from '#lib/random.ts';
import { hostileWord } from './hostile-words.ts';
import { below, oneOf } from './mutate-bytes.ts';

/** A text with one to three lines, words or numbers changed, lost or doubled. */
export function mutateText(text: string, random: Random): string {
  const lines = text.split('\n');
  for (let changes = 1 + below(random, 3); changes > 0; changes--) {
    const at = below(random, lines.length);
    switch (below(random, 6)) {
      case 0:
        lines.splice(at, 1);
        break;
      case 1:
        lines.splice(at, 0, lines[at]);
        break;
      case 2:
        lines.splice(
          at,
          0,
          oneOf(random, ['&a [*a]', '? ', '- - - -', '{{{{', '[[[[', '"', "'", '%YAML 9', '__proto__: 1']),
        );
        break;
      case 3:
        lines[at] = ' '.repeat(below(random, 6)) + lines[at].trimStart();
        break;
      default:
        lines[at] = withWord(lines[at], random);
    }
  }
  return lines.join('\n');
}

function withWord(line: string, random: Random): string {
  const words = [...line.matchAll(/[^\s:=,()[\]{}]+/g)];
  if (words.length === 0) return hostileWord(random);
  const { index, 0: word } = oneOf(random, words);
  return line.slice(0, index) + hostileWord(random) + line.slice(index + word.length);
}

/** A JSON value with one to three of its nodes replaced, lost, doubled or exchanged. */
export function mutateJson(value: unknown, random: Random): unknown {
  const copy = structuredClone(value);
  for (let changes = 1 + below(random, 3); changes > 0; changes--) {
    const holders = holdersIn(copy);
    if (holders.length === 0) return copy;
    const holder = oneOf(random, holders) as Record<string, unknown>;
    const key = oneOf(random, Object.keys(holder));
    const other = oneOf(random, holders) as Record<string, unknown>;
    const values = [null, -1, 1e300, true, '', [], {}, hostileWord(random), `{% ${hostileWord(random)} %}`];
    switch (below(random, 4)) {
      case 0:
        delete holder[key];
        break;
      case 1:
        holder[key] = structuredClone(other[oneOf(random, Object.keys(other))]);
        break;
      case 2:
        if (!Array.isArray(holder)) Object.defineProperty(holder, hostileWord(random).slice(0, 80), data(holder[key]));
        break;
      default:
        holder[key] = oneOf(random, values);
    }
  }
  return copy;
}

function data(value: unknown): PropertyDescriptor {
  return { value, enumerable: true, writable: true, configurable: true };
}

/** Objects and lists that hold something. */
function holdersIn(value: unknown): object[] {
  if (typeof value !== 'object' || value === null) return [];
  const inner = Object.values(value).flatMap(holdersIn);
  return Object.keys(value).length > 0 ? [value, ...inner] : inner;
}
