import { describe, expect, it } from 'vitest';
import { hideKnown } from './known.ts';

const seal = (value: unknown) => `digest of ${String(value)}`;
const known = (...secrets: readonly string[]) => new Set(secrets.map(seal));
const hidden = (text: string, ...secrets: readonly string[]) => hideKnown(text, known(...secrets), seal, '(redacted)');

describe('a text that says a secret which is known as a digest', () => {
  it.each([
    ['as a word', 'now plumtree again', 'now (redacted) again'],
    ['in quotes', 'it is "plumtree"', 'it is "(redacted)"'],
    ['behind a sign', 'pw=plumtree, said he', 'pw=(redacted), said he'],
    ['twice', 'plumtree plumtree', '(redacted) (redacted)'],
    ['in base64', `it is ${Buffer.from('plumtree').toString('base64')}`, 'it is (redacted)'],
    ['percent-encoded', 'plum%74ree', '(redacted)'],
  ])('%s, does not say it', (_, text, told) => {
    expect(hidden(text, 'plumtree')).toBe(told);
  });

  it('does not say one of several words and signs', () => {
    expect(hidden('pass: correct horse, battery!', 'correct horse, battery!')).toBe('pass: (redacted)');
  });

  it('does not say the longest of those that begin alike', () => {
    expect(hidden('plumtree-2', 'plumtree', 'plumtree-2')).toBe('(redacted)');
  });

  it.each([
    ['another word', 'plumtrees grow', 'plumtree'],
    ['a short word, which is said for many reasons', 'to main', 'main'],
    ['a word in the place of a secret', 'set it to unknown', 'unknown'],
  ])('keeps %s', (_, text, secret) => {
    expect(hidden(text, secret)).toBe(text);
  });

  it('hides a short one with a digit', () => {
    expect(hidden('pin 4711', '4711')).toBe('pin (redacted)');
  });
});
