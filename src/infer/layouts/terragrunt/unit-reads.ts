import type { Provide } from '../../../model/claim.ts';
import type { ComponentRow } from '../../../model/component.ts';
import type { Evidence } from '../../../model/evidence.ts';
import type { Finding } from '../../../model/finding.ts';
import type { ModuleAnalysis } from '../../terraform/analyse.ts';
import { moduleFindings } from '../../terraform/findings.ts';
import type { ModuleLoader } from '../../terraform/load-module.ts';
import type { EvaluatedRoot } from '../terraform/deployment.ts';
import { distinct, united } from '../terraform/merge.ts';
import { type ModuleReads, moduleReads } from '../terraform/module-reads.ts';
import { stateProvides } from '../terraform/state-provides.ts';
import { unreadParts } from '../terraform/troubles.ts';
import type { ModuleAsRun } from './module-as-run.ts';

type Reader = Pick<ComponentRow, 'id' | 'environment' | 'module' | 'outputs'>;

/** What a unit's module, evaluated, reads of others and writes for them. */
export function unitReads(
  component: Reader,
  root: EvaluatedRoot | undefined,
  asRun: ModuleAsRun | undefined,
  shared: boolean,
): ModuleReads {
  if (root === undefined || asRun === undefined) return { needs: [], provides: [], findings: [], blindSpots: [] };
  const read = moduleReads(component.id, component.environment, root, shared);
  const at = <T extends { readonly evidence: Evidence }>(one: T): T => ({
    ...one,
    evidence: asRun.placed(one.evidence),
  });
  return {
    needs: united(read.needs).map((need) => ({
      ...at(need),
      ...(need.reads === undefined ? {} : { reads: need.reads.map(asRun.placed) }),
    })),
    provides: read.provides.map(at),
    findings: read.findings.map((finding) => ({ ...finding, evidence: finding.evidence.map(asRun.placed) })),
    blindSpots: distinct(read.blindSpots).map(at),
  };
}

/** The unit's state under every key it may be read by, as any root module's. */
export function stateKept(
  component: Reader & ComponentRow,
  backend: EvaluatedRoot['backend'] | undefined,
  evidence: Evidence | undefined,
): readonly Provide[] {
  if (backend === undefined) return [];
  const provides = stateProvides(component, { backend });
  return evidence === undefined ? provides : provides.map((provide) => ({ ...provide, evidence }));
}

/** What is wrong with a module or was not read of it: a finding once for all its units, a blind spot of each. */
export function moduleTroublesOf(
  id: string,
  analysis: ModuleAnalysis,
  asRun: ModuleAsRun,
  loader: ModuleLoader,
): Pick<ModuleReads, 'findings' | 'blindSpots'> {
  const unread = unreadParts(id, analysis);
  const subject = `type ${analysis.row.key}`;
  const findings = [
    ...moduleFindings({ ...analysis, undeclared: undeclaredAsRun(analysis, asRun, loader) }, subject),
    ...unread.findings.map((finding): Finding => ({ ...finding, subject })),
  ];
  return { findings, blindSpots: unread.blindSpots };
}

/** What a generated file declares is declared; one that is not known may declare anything. */
function undeclaredAsRun(
  { undeclared, row }: ModuleAnalysis,
  { changed, open, view, path }: ModuleAsRun,
  loader: ModuleLoader,
): ModuleAnalysis['undeclared'] {
  if (undeclared.length === 0 || !(changed || open)) return undeclared;
  const elsewhere = undeclared.filter(({ module }) => module !== row.key);
  const root = open ? undefined : loader.load(view, path);
  if (root === undefined) return elsewhere;
  const declared = (name: string) => {
    const [kind = '', first = ''] = name.split('.');
    if (kind === 'var') return root.variables.has(first);
    if (kind === 'local') return root.locals.has(first);
    return kind === 'module' ? root.calls.has(first) : root.resources.has(name);
  };
  return undeclared.filter(({ module, name }) => module !== row.key || !declared(name));
}
