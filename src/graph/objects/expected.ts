import type { ExpectedDifference } from '../../model/estate.ts';
import { wildcards } from '../../model/wildcards.ts';

export const namedAfterIt = 'named after its environment';
export const whereItsStateIs = 'where its state is kept';

/** Why a difference is expected; undefined where nothing says so. */
export function whyExpected(
  difference: { readonly object: string; readonly pointer: string; readonly values: readonly [unknown, unknown] },
  environments: readonly [string, string],
  rules: readonly ExpectedDifference[],
): string | undefined {
  const { object, pointer, values } = difference;
  if (/^\/(?:state|backend)(?:\/|$)/.test(pointer)) return whereItsStateIs;
  if (differsByName(values, environments)) return namedAfterIt;
  return ruleFor(object, pointer, rules);
}

/** The reason of a rule that expects a key to differ, whatever it is; undefined where none does. */
export function ruleFor(object: string, pointer: string, rules: readonly ExpectedDifference[]): string | undefined {
  return rules.find((rule) => fits(rule.key, pointer) && (rule.object === undefined || fits(rule.object, object)))
    ?.reason;
}

/** Whether two texts are one when each environment's name, as a word of its own, is taken for the other's. */
function differsByName([a, b]: readonly [unknown, unknown], [first, second]: readonly [string, string]): boolean {
  if (typeof a !== 'string' || typeof b !== 'string' || first === '' || second === '') return false;
  const without = (value: string, name: string) =>
    value.replace(new RegExp(`(?<![A-Za-z0-9])${literally(name)}(?![A-Za-z0-9])`, 'gi'), '\0');
  const plain = without(a, first);
  return plain.includes('\0') && plain === without(b, second);
}

function fits(glob: string, text: string): boolean {
  return wildcards(
    glob.split(/(\*\*|\*)/).map((part) => (/^\*/.test(part) ? { run: part === '*' ? 'step' : 'all' } : part)),
  ).test(text);
}

function literally(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
