import { CannotEdit, type Splice } from './dialect.ts';
import type { Plain } from './plain.ts';
import { comesFrom } from './refusals.ts';
import type { Target } from './target.ts';

/** What a version may be written with: no quote, no space, nothing that begins a template or another parameter. */
const version = /^[A-Za-z0-9][A-Za-z0-9._/+~@-]{0,199}$/;
const versionIn = /([?&](?:ref|version)=)([^&"$%{}\s]*)(?=["&]|$)/g;

/** The splice that changes the version in a source, and the whole as it is then said. @throws CannotEdit */
export function withRef(text: string, target: Target, ref: string): readonly [Splice, Plain] {
  if (!version.test(ref)) throw new CannotEdit('cannot-say', 'this is no version that a source can name');
  if (target.kind === 'missing')
    throw new CannotEdit('not-there', 'no source stands here', { at: target.holder.in.span.start });
  const { said } = target;
  if (said.kind !== 'scalar' || typeof said.value !== 'string') {
    if (said.kind === 'elsewhere') throw comesFrom(said);
    throw new CannotEdit('not-there', 'this is no source', { at: said.span.start });
  }
  const written = text.slice(said.span.start, said.span.end);
  const found = [...written.matchAll(versionIn)];
  const [match] = found;
  if (match === undefined || found.length > 1)
    throw new CannotEdit('not-there', 'the source names no version, or more than one', {
      at: said.span.start,
      ways: ['set the whole source'],
    });
  const start = said.span.start + match.index + (match[1] ?? '').length;
  const splice = { start, end: start + (match[2] ?? '').length, text: ref };
  return [splice, said.value.replace(versionIn, (_all, name: string) => name + ref)];
}
