import type { Graph } from '../../graph/graph.ts';
import type { ComponentId } from '../../model/component.ts';
import type { Evidence } from '../../model/evidence.ts';
import type { Finding } from '../../model/finding.ts';
import type { FindingCode } from '../../model/finding-codes.ts';
import type { FoundUnit } from '../../run/terragrunt-find.ts';

/** Why one of two sees an edge that the other does not, as far as that can be told. */
export interface Reason {
  readonly reason: string;
  readonly evidence: readonly Evidence[];
}

/** Rules that read what Terragrunt orders by. */
const ordering: ReadonlySet<string> = new Set(['dependency', 'dependencies']);

/** Findings of a unit with which Terragrunt gives up on its dependencies, without a word. */
const givesUp: ReadonlySet<string> = new Set<FindingCode>([
  'evaluation-failed',
  'unknown-path',
  'include-missing',
  'include-loop',
  'hcl-unreadable',
  'block-twice',
]);

/** Reasons are stated only where something shows them; else that nothing does. */
export class ComparisonReasons {
  readonly #graph: Graph;
  readonly #units: ReadonlyMap<string, FoundUnit>;
  readonly #findings: ReadonlyMap<string, readonly Finding[]>;
  readonly #inCycle: ReadonlySet<string>;

  constructor(graph: Graph, units: readonly FoundUnit[]) {
    const findings = graph.findings();
    this.#graph = graph;
    this.#units = new Map(units.map((unit) => [unit.path, unit]));
    this.#findings = Map.groupBy(findings, ({ subject }) => subject);
    this.#inCycle = new Set(findings.flatMap(({ code, key }) => (code === 'cycle' ? key.split(' ') : [])));
  }

  /** Of an edge that Karma alone has. */
  ofKarma(from: ComponentId, to: ComponentId, evidence: readonly Evidence[]): string {
    const rules = [...new Set(evidence.map(({ rule }) => rule))];
    if (!rules.some((rule) => ordering.has(rule)))
      return `found by ${rules.join(', ') || 'another rule'}, and Terragrunt orders by dependency blocks alone`;
    const generated = [from, to].find((id) => id.includes('.terragrunt-stack') && !this.#units.has(id));
    if (generated !== undefined) return 'a unit that a stack would generate, which was not generated here';
    const unit = this.#units.get(from);
    if (unit === undefined)
      return this.#inCycle.has(from)
        ? 'the unit is in a cycle, and Terragrunt leaves it out'
        : 'Terragrunt does not list this unit';
    const unordered = this.#of(from).find(({ code }) => code === 'dependency-unordered');
    const read = unordered !== undefined && evidence.every((one) => !isListed(one) || sameSite(one, unordered));
    if (read) return 'Terragrunt reads these outputs and does not order by them';
    if (!this.#units.has(to)) return `Terragrunt lists no unit ${to}`;
    if (unit.dependencies.length > 0) return 'Terragrunt has other edges of this unit and not this one';
    const failed = this.#of(from).find(({ code }) => givesUp.has(code));
    return failed === undefined
      ? 'Terragrunt has no edge of this unit, and nothing in its files shows why'
      : `Terragrunt gives up on all edges of a unit when one thing fails: ${failed.message}`;
  }

  /** Of an edge that Terragrunt alone has. */
  ofTerragrunt(from: ComponentId, to: ComponentId): Reason {
    if (this.#graph.node(from) === undefined) return { reason: 'Karma has no such unit', evidence: [] };
    const own = this.#of(from);
    if (this.#graph.node(to) === undefined) {
      const dangling = own.find(({ code, key }) => code === 'dangling-reference' && key.endsWith(`unit:${to}`));
      const reason = 'the path leads to no unit';
      return dangling === undefined
        ? { reason, evidence: [] }
        : { reason: `${reason}: Karma has a finding instead of an edge`, evidence: dangling.evidence };
    }
    const failed = own.filter(({ code }) => givesUp.has(code));
    const [first] = failed;
    if (first === undefined)
      return { reason: 'Karma found no such reference, and no fault that would hide it', evidence: [] };
    const reason = `Karma found no such reference; what it could not read may hide it: ${first.message}`;
    return { reason, evidence: failed.flatMap(({ evidence }) => evidence).slice(0, 3) };
  }

  #of(id: ComponentId): readonly Finding[] {
    return this.#findings.get(id) ?? [];
  }
}

/** Evidence of a path that orders, not of an output that is read. */
function isListed({ site }: Evidence): boolean {
  return site === 'dependencies.paths' || site.endsWith('.config_path');
}

function sameSite(one: Evidence, { evidence }: Finding): boolean {
  return evidence.some(({ site }) => site === one.site);
}
