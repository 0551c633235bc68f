import type { Blocker } from '../../change/simulation.ts';
import type { Clause, Move } from '../../change/unblock.ts';
import { at } from '../../graph/adjacency.ts';
import { withSeverities } from '../../graph/finding-rules.ts';
import type { ContractChange } from '../../graph/impact-of-change/contract-changes.ts';
import { rangeFindings } from '../../graph/impact-of-change/range-findings.ts';
import type { Finding } from '../../model/finding.ts';
import { readsBroken } from '../range/broken-reads.ts';
import type { ComparedRange } from '../range/compare-range.ts';

/** Findings that come with a change: what `karma check --since` judges. */
export function madeWorse({ comparison, views }: ComparedRange): readonly Finding[] {
  const rules = views.after.estate?.karmaFile?.findings ?? [];
  const broken = readsBroken(comparison);
  return [
    ...comparison.findingsNew.filter((one) => !broken.told(one)),
    ...withSeverities(rangeFindings(comparison), rules),
  ];
}

/** What stands in the way: what is an error and was none before, each with what would take it away. */
export function blockersOf(compared: ComparedRange, worse: readonly Finding[]): readonly Blocker[] {
  const { comparison } = compared;
  const contracts = new Map(comparison.contracts.map((one) => [`${one.component}#${one.pointer}`, one]));
  const written = new Set(
    [...comparison.changed, ...comparison.undecided].map(({ id }) => id).concat(comparison.added),
  );
  return worse
    .filter((finding) => finding.severity === 'error' || losesOutput(compared, finding))
    .map((finding) => {
      const { code, subject, key, message } = finding;
      return { code, subject, key, message, clauses: clausesOf(finding, contracts.get(`${subject}#${key}`), written) };
    });
}

/** Whether somebody reads, by name and without a fallback, what would be published no more. As a deploy judges it. */
function losesOutput({ views }: ComparedRange, { code, subject, key }: Finding): boolean {
  const contracts = views.after.estate?.karmaFile?.contracts ?? 'refuse';
  if (code !== 'contract-mismatch' || contracts !== 'refuse') return false;
  const { graph } = views.after;
  const [provider, pointer] = splitOutput(key);
  const [from, to] = [graph.node(subject), graph.node(provider)];
  if (from === undefined || to === undefined) return false;
  const { outStart, edgeTo } = graph.adjacency;
  for (let edge = at(outStart, from); edge < at(outStart, from + 1); edge++)
    if (at(edgeTo, edge) === to) return graph.reference(edge).tolerated?.includes(pointer) !== true;
  return false;
}

function splitOutput(key: string): readonly [provider: string, pointer: string] {
  const cut = key.indexOf('#');
  return [key.slice(0, cut), key.slice(cut + 1)];
}

function clausesOf(
  { code, subject, key, hint }: Finding,
  contract: ContractChange | undefined,
  written: ReadonlySet<string>,
): readonly Clause[] {
  if (code === 'contract-broken' && contract !== undefined) {
    const keep = move('edit', subject, `${subject} goes on publishing ${contract.output}`);
    const readers = [...new Set(contract.broken.filter(({ outside }) => outside !== true).map((one) => one.component))];
    // Of a reader outside of the estate nobody here can say that it reads no more.
    const outside = contract.broken.some((one) => one.outside === true);
    const clauses = readers.map((id) => [keep, move('edit', id, `${id} reads ${contract.output} no more`)]);
    return outside || clauses.length === 0 ? [...clauses, [keep]] : clauses;
  }
  const leave = written.has(subject) ? [move('leave', subject, `${subject} stays as it is`)] : [];
  switch (code) {
    case 'contract-mismatch': {
      const [provider, pointer] = splitOutput(key);
      return [
        [
          move('edit', provider, `${provider} goes on publishing ${pointer.slice(1)}`),
          move('edit', subject, `${subject} reads ${pointer.slice(1)} no more`),
        ],
      ];
    }
    case 'variable-required':
      return [[move('give', subject, `${subject} gives ${key}`), ...leave]];
    case 'dangling-reference':
      return [
        [
          move('edit', subject, `${subject} names something that is there`),
          move('create', key, `what it names is there: ${key}`),
          ...leave,
        ],
      ];
    case 'cycle':
      return [
        key
          .split(' ')
          .filter(Boolean)
          .map((id) => move('edit', id, `${id} lets go of the next in the cycle`)),
      ];
    case 'policy-breached':
      return [
        [move('edit', subject, `${subject} lets go of ${key.split('|')[1] ?? 'what the policy forbids'}`), ...leave],
      ];
    default:
      return [[move('edit', subject, hint === undefined ? `${subject} is mended` : `${subject}: ${hint}`), ...leave]];
  }
}

function move(kind: Move['kind'], what: string, say: string): Move {
  return { kind, what, say };
}
