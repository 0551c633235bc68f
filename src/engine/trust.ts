import { findEstateRoot } from '../observe/estate/estate-root.ts';
import { type OutsideWord, outsideWords } from '../observe/estate/outside.ts';
import { dropTrust, keepTrust, readTrust } from '../observe/estate/trust.ts';
import { programsOf } from '../observe/git/git-programs.ts';
import type { EngineContext } from './context.ts';

export interface Trusted {
  /** What `karma.yaml` says of places outside of the estate, and the programs that its `.git` names. */
  readonly words: readonly (OutsideWord & { readonly trusted: boolean })[];
  /** Where that is kept; undefined where nothing was written. */
  readonly file?: string;
}

/** Shows what an estate says of places outside, and trusts it or takes that back. */
export function trustEstate(context: EngineContext, what: 'show' | 'keep' | 'drop'): Trusted {
  const { cwd, configFile } = context.request;
  const root = findEstateRoot({ cwd, configFile });
  const words = [...outsideWords(root, context.env), ...programsOf(root)];
  const file =
    what === 'show' || words.length === 0
      ? undefined
      : what === 'keep'
        ? keepTrust(context.env, words, context.now())
        : dropTrust(context.env, words);
  const trust = readTrust(context.env);
  return {
    words: words.map((word) => ({ ...word, trusted: trust.has(word) })),
    ...(file === undefined ? {} : { file }),
  };
}
