import { isList, type Value } from '../../../hcl/value.ts';
import type { Claim, Need } from '../../../model/claim.ts';
import type { FindingCode } from '../../../model/finding-codes.ts';
import { known } from './attempt.ts';
import { blockObject } from './config-object.ts';
import type { Frame } from './frame.ts';
import { member } from './generated-files.ts';
import { mentions } from './mentions.ts';
import type { SourceFile } from './source-file.ts';

/**
 * Whether nobody runs a unit from where it lies: one that stacks are made from needs values that only those give, and one that
 * skips itself is there for others to include.
 */
export function isIdle(unit: Frame): boolean {
  return (asksForValues(unit.source) && unit.values() === undefined) || skipsItself(unit);
}

const asking = new WeakMap<SourceFile, boolean>();

function asksForValues(source: SourceFile): boolean {
  const asks = asking.get(source) ?? mentions(source.body, 'values');
  asking.set(source, asks);
  return asks;
}

/** By its own file: what an include says of skipping is no proof for those that include it. */
function skipsItself(unit: Frame): boolean {
  const { attributes, blocks } = unit.source.body;
  if (known(unit, attributes.get('skip')?.value) === true) return true;
  const exclude = blocks.find(({ type }) => type === 'exclude');
  if (exclude === undefined) return false;
  const object = blockObject(unit, exclude);
  return member(object, 'if') === true && coversRuns(member(object, 'actions'));
}

function coversRuns(actions: Value | undefined): boolean {
  if (actions === undefined || !isList(actions)) return false;
  return (
    ['all', 'all_except_output'].some((every) => actions.includes(every)) ||
    ['plan', 'apply'].every((one) => actions.includes(one))
  );
}

/** What would go wrong in a run. */
const inRuns: ReadonlySet<string> = new Set<FindingCode>([
  'evaluation-failed',
  'unknown-path',
  'module-missing',
  'include-missing',
  'hcl-undeclared-reference',
]);

/** Of a unit that nobody runs only what is wrong with its text is told, and nothing stays unseen of it. */
export function claimOfIdle(claim: Claim): Claim {
  const { id } = claim.component;
  return {
    ...claim,
    needs: claim.needs.map((need): Need => ({ ...need, whenMissing: 'quiet' })),
    blindSpots: claim.blindSpots.filter(({ code }) => code === 'hcl-unreadable'),
    findings: claim.findings.filter(({ code, subject }) => subject !== id || !inRuns.has(code)),
  };
}
