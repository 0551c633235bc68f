import { isList, type Value } from '../../../hcl/value.ts';
import type { Claim, Need } from '../../../model/claim.ts';
import type { FindingCode } from '../../../model/finding-codes.ts';
import { known } from './attempt.ts';
import { blockObject } from './config-object.ts';
import type { Frame } from './frame.ts';
import { member } from './generated-files.ts';
import { mentions, needs } from './mentions.ts';
import type { SourceFile } from './source-file.ts';

/**
 * Whether nobody runs a unit from where it lies: it needs values that only a stack gives, or asks for them and stacks are made
 * from it; or it skips itself and is there for others to include.
 */
export function isIdle(unit: Frame, isTemplate: boolean): boolean {
  const use = useOfValues(unit.source);
  const waits = use === 'needs' || (use === 'asks' && isTemplate);
  return (waits && unit.values() === undefined) || skipsItself(unit);
}

type Use = 'needs' | 'asks' | 'none';
const uses = new WeakMap<SourceFile, Use>();

function useOfValues(source: SourceFile): Use {
  const known = uses.get(source);
  if (known !== undefined) return known;
  const use = !mentions(source.body, 'values') ? 'none' : needs(source.body, 'values') ? 'needs' : 'asks';
  uses.set(source, use);
  return use;
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

/**
 * Of a unit that nobody runs only what is wrong with its text is told, and nothing stays unseen of it. Its module writes and
 * reads nothing: those do that are made from it.
 */
export function claimOfIdle(claim: Claim): Claim {
  const { id } = claim.component;
  const ofBlocks = ({ rule }: Need) => rule === 'dependency' || rule === 'dependencies';
  return {
    ...claim,
    provides: claim.provides.filter(({ key }) => key.startsWith('unit:')),
    needs: claim.needs.filter(ofBlocks).map((need): Need => ({ ...need, whenMissing: 'quiet' })),
    blindSpots: claim.blindSpots.filter(({ code }) => code === 'hcl-unreadable'),
    findings: claim.findings.filter(({ code, subject }) => subject !== id || !inRuns.has(code)),
  };
}
