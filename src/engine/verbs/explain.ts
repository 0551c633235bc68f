import { object, text } from '../../config/shape-parts.ts';
import { errorKinds, KarmaError } from '../../model/errors.ts';
import { findingKinds } from '../../model/finding-codes.ts';
import { nearest } from '../../model/nearest.ts';
import { ruleKinds } from '../../model/rules.ts';
import { defineVerb } from './verb.ts';

export interface Explanation {
  readonly name: string;
  readonly what: 'finding' | 'rule' | 'error';
  readonly title: string;
  /** Paragraphs, each with its heading. */
  readonly parts: readonly { readonly heading: string; readonly text: string }[];
}

/** What a finding, rule or error code means. @throws KARMA_NOT_FOUND with the nearest code. */
export function explain(name: string): Explanation {
  if (has(findingKinds, name)) {
    const kind = findingKinds[name];
    return {
      name,
      what: 'finding',
      title: kind.title,
      parts: [
        { heading: 'means', text: kind.means },
        { heading: 'severity', text: kind.severity },
        { heading: 'mend', text: kind.mend },
        { heading: 'silence', text: 'accept what is there today: `karma check --write-baseline`' },
      ],
    };
  }
  if (has(ruleKinds, name)) {
    const kind = ruleKinds[name];
    return {
      name,
      what: 'rule',
      title: kind.title,
      parts: [
        { heading: 'means', text: kind.means },
        { heading: 'example', text: kind.example },
        ...(kind.blindTo === '' ? [] : [{ heading: 'blind to', text: kind.blindTo }]),
        { heading: 'correct', text: 'add or deny a reference with a reason: `references:` in karma.yaml' },
      ],
    };
  }
  if (has(errorKinds, name)) {
    const kind = errorKinds[name];
    return {
      name,
      what: 'error',
      title: kind.title,
      parts: [
        { heading: 'exit code', text: String(kind.exit) },
        { heading: 'who acts', text: kind.owner },
      ],
    };
  }
  const all = [...Object.keys(findingKinds), ...Object.keys(ruleKinds), ...Object.keys(errorKinds)];
  const [near] = nearest(name, all);
  throw new KarmaError('KARMA_NOT_FOUND', `no finding, rule or error is called \`${name}\``, {
    hint: near === undefined ? `the codes stand in docs/findings.md` : `did you mean \`karma explain ${near}\`?`,
  });
}

function has<T extends object>(registry: T, name: string): name is Extract<keyof T, string> {
  return Object.hasOwn(registry, name);
}

export const explainVerb = defineVerb({
  about: 'What a finding, a rule or an error code means.',
  query: object('Which.', { code: text('Its name.') }, 'code'),
  writes: 'nothing',
  isSmall: true,
  run: async (_context, { code }) => ({ explanation: explain(code) }),
});
