import type { ClaimBlindSpot } from '../../../model/claim.ts';
import { type FileView, filePlace } from '../../../model/file-view.ts';
import type { Finding } from '../../../model/finding.ts';
import type { ModuleAnalysis } from '../../terraform/analyse.ts';
import { findingAt } from '../../terraform/findings.ts';
import type { Deployment } from './deployment.ts';
import type { VarFiles } from './var-files.ts';

interface Troubles {
  readonly findings: readonly Finding[];
  readonly blindSpots: readonly ClaimBlindSpot[];
}

/** Modules outside of the estate, folders that are not there and files that do not parse: each may hide a reference. */
export function unreadParts(id: string, analysis: ModuleAnalysis | undefined): Troubles {
  if (analysis === undefined) return { findings: [], blindSpots: [] };
  const { remote, missing, modules } = analysis.closure;
  const findings: Finding[] = [];
  const blindSpots: ClaimBlindSpot[] = [];
  for (const { module, call, why } of remote) {
    const site = `module.${call.name}`;
    const place = { site, file: call.file, line: call.at.line };
    const source = call.source ?? 'a source only a run could know';
    findings.push(
      findingAt('module-not-read', id, `${module.key} ${call.name}`, `${source} ${why ?? 'was not read'}`, place),
    );
    blindSpots.push({ component: id, code: 'module-not-read', evidence: { rule: 'module-not-read', ...place } });
  }
  for (const { call } of missing) {
    const evidence = { rule: 'module-missing', site: `module.${call.name}`, file: call.file, line: call.at.line };
    blindSpots.push({ component: id, code: 'module-missing', evidence });
  }
  for (const { problems } of modules)
    for (const { code, file, at } of problems)
      if (code !== 'hcl-duplicate' && code !== 'not-utf8')
        blindSpots.push({ component: id, code, evidence: { rule: code, site: file, file, line: at.line } });
  return { findings, blindSpots };
}

/** Files of variables and backends that do not parse: what they set may decide which state is read. */
export function brokenVariables(id: string, view: FileView, files: VarFiles, deployment: Deployment): Troubles {
  const encrypted = deployment.readFrom
    .filter((path) => files.isEncrypted(view, path))
    .map((path) => filePlace(view.repo, path));
  const beside = deployment.readFrom.flatMap((path) => {
    const sets = view.setBeside?.(path);
    return sets === undefined ? [] : [{ file: filePlace(view.repo, path), sets }];
  });
  const found = deployment.readFrom.flatMap((path) => {
    const [first] = files.parsed(view, path)?.errors ?? [];
    if (first === undefined) return [];
    const file = filePlace(view.repo, path);
    return [{ message: first.message, place: { site: file, file, line: first.at.line } }];
  });
  return {
    findings: [
      ...found.map(({ message, place }) => findingAt('hcl-unreadable', id, place.file, message, place)),
      ...encrypted.map((file) =>
        findingAt('file-encrypted', id, file, `${file} is encrypted: what it sets is unknown`, { file, line: 1 }),
      ),
      ...beside.map((found) => variablesNotInGit(id, found)),
    ],
    blindSpots: found.map(({ place }) => ({
      component: id,
      code: 'hcl-unreadable' as const,
      evidence: { rule: 'hcl-unreadable', ...place },
    })),
  };
}

/** A file of variables that counts in each run here, and that no commit holds. */
export function variablesNotInGit(
  id: string,
  { file, sets }: { readonly file: string; readonly sets: readonly string[] },
): Finding {
  const message = `${file} is ignored by Git and sets ${shownNames(sets)}`;
  return findingAt('variables-not-in-git', id, file, message, { file, line: 1 });
}

function shownNames(names: readonly string[]): string {
  if (names.length === 0) return 'nothing';
  const shown = names.slice(0, 3).join(', ');
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
}

/** Where a plan with these variables would fail. */
export function failures(id: string, { consumption, name }: Deployment): readonly Finding[] {
  const within = name === '' ? '' : ` in ${name}`;
  return consumption.failures.flatMap(({ kind, site, file, line, message }) =>
    kind === 'no-instance' ? [findingAt('plan-would-fail', id, site, `${message}${within}`, { site, file, line })] : [],
  );
}
