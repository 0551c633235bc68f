import type { Expression, Step } from './tree.ts';

/** `.a`, `[key]`, the older `.0`, or a splat; in the order written behind a term. */
export type Postfix =
  | { readonly kind: 'step'; readonly step: Step; readonly dotted: boolean }
  | { readonly kind: 'full' }
  | { readonly kind: 'attributes' };

/** A name no person can write, for the element that a splat inside a splat works on. */
const element = '*element';

/**
 * Puts a term and its postfixes together. A full splat takes everything behind it; when another splat is among that, it
 * works on each element, which only a `for` says. An attribute splat takes names and ends at the first bracket.
 */
export function assemble(term: Expression, behind: readonly Postfix[]): Expression {
  let value = term;
  for (let at = 0; at < behind.length; at += 1) {
    const postfix = behind[at];
    if (postfix === undefined) break;
    if (postfix.kind === 'step') {
      value = { kind: 'access', on: value, step: postfix.step, at: term.at };
      continue;
    }
    const steps: Step[] = [];
    for (let next = behind[at + 1]; next?.kind === 'step'; next = behind[at + 1]) {
      if (postfix.kind === 'attributes' && !next.dotted) break;
      steps.push(next.step);
      at += 1;
    }
    if (postfix.kind === 'full' && at + 1 < behind.length) return splatOfSplat(value, steps, behind.slice(at + 1));
    value = { kind: 'splat', on: value, steps, at: term.at };
  }
  return value;
}

function splatOfSplat(on: Expression, steps: readonly Step[], behind: readonly Postfix[]): Expression {
  const { at } = on;
  const first: Postfix[] = steps.map((step) => ({ kind: 'step', step, dotted: true }));
  return {
    kind: 'for',
    keyName: undefined,
    valueName: element,
    collection: { kind: 'splat', on, steps: [], at },
    key: undefined,
    value: assemble({ kind: 'variable', name: element, at }, [...first, ...behind]),
    condition: undefined,
    grouping: false,
    at,
  };
}
