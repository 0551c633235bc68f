import { CannotEdit, type Splice } from './dialect.ts';
import { Code, type Plain, plainOf } from './plain.ts';
import { comesFrom } from './refusals.ts';
import type { Target } from './target.ts';

/** What a version may be written with: no quote, no space, nothing that begins a template or another parameter. */
const version = /^[A-Za-z0-9][A-Za-z0-9._/+~@-]{0,199}$/;
const versionIn = /([?&](?:ref|version)=)([^&"$%{}\s]*)(?=["&]|$)/g;

/** The splice that changes the version in a source, and the whole as it is then said. @throws CannotEdit */
export function withRef(text: string, target: Target, ref: string): readonly [Splice, Plain] {
  if (!version.test(ref)) throw new CannotEdit('cannot-say', 'this is no version that a source can name');
  if (target.kind !== 'there') throw new CannotEdit('not-there', 'no source stands here');
  const { said } = target;
  const written = text.slice(said.span.start, said.span.end);
  if (said.kind === 'elsewhere' && said.source.kind !== 'template') throw comesFrom(said);
  if (said.kind !== 'elsewhere' && typeof plainOf(said) !== 'string')
    throw new CannotEdit('not-there', 'this is no source', { at: said.span.start });
  const found = [...written.matchAll(versionIn)];
  const [match] = found;
  // Behind it there is the rest of the text and nothing that is evaluated: so it stands in no expression itself.
  if (match === undefined || found.length > 1 || !/^[^{}"]*"?$/.test(written.slice(match.index + match[0].length)))
    throw said.kind === 'elsewhere' ? comesFrom(said) : noVersion(said.span.start);
  const [, name = '', old = ''] = match;
  const start = said.span.start + match.index + name.length;
  const splice = { start, end: start + old.length, text: ref };
  if (said.kind !== 'elsewhere')
    return [splice, String(plainOf(said)).replace(versionIn, (_all, is: string) => is + ref)];
  const at = said.code.lastIndexOf(name + old) + name.length;
  return [splice, new Code(said.code.slice(0, at) + ref + said.code.slice(at + old.length))];
}

function noVersion(at: number): CannotEdit {
  return new CannotEdit('not-there', 'the source names no version, or more than one', {
    at,
    ways: ['set the whole source'],
  });
}
