import { EvaluationError } from '../../../hcl/scope.ts';
import type { Value } from '../../../hcl/value.ts';
import type { BlindSpot } from '../../../model/claim.ts';
import { parseContents } from '../../../model/contents.ts';
import { byCodeUnit } from '../../../model/digest.ts';
import type { Evidence } from '../../../model/evidence.ts';
import { filePlace } from '../../../model/file-view.ts';
import type { Finding } from '../../../model/finding.ts';
import type { FileAccount } from '../../terraform/file-account.ts';
import { filesNamedBy } from '../../terraform/files-named.ts';
import { openReads } from '../../terraform/open-reads.ts';
import type { Frame } from './frame.ts';
import type { ModuleAsRun } from './module-as-run.ts';
import type { ModuleReference } from './module-reference.ts';
import { folderOf, join } from './paths.ts';
import type { UnitModule } from './unit-modules.ts';
import { isFollowed } from './unit-root.ts';

/** The files that a unit's run reads as data: its own evaluation's, its module's, and those that its inputs name. */
export interface UnitFiles {
  readonly readAsData: readonly string[];
  readonly blindSpots: readonly BlindSpot[];
  readonly findings: readonly Finding[];
}

export function unitFiles(
  id: string,
  unit: Frame,
  parts: {
    readonly module: ModuleReference | undefined;
    readonly read: UnitModule | undefined;
    readonly asRun: ModuleAsRun | undefined;
    readonly inputs: () => Value;
    /** What its module read with its inputs. */
    readonly account: FileAccount;
  },
): UnitFiles {
  const { module, read, asRun, inputs, account } = parts;
  const { session } = unit;
  account.enter({ site: 'inputs', file: '', line: 0 });
  const own = folderOf(unit.at.config);
  const inModule = module?.place?.view === session.view ? [session.estate.paths.absolute(module.place.path)] : [];
  const values = attempted(inputs);
  if (values !== undefined)
    for (const folder of new Set([own, ...inModule])) filesNamedBy(values, '', [session.standingIn(folder)], account);
  // Of a module that reads the same whatever it is given, what it reads is told once for all.
  const isShared = read !== undefined && asRun !== undefined && !isFollowed(read, asRun);
  const shared = isShared ? read.analysis.account : undefined;
  for (const place of [...account.read, ...(shared?.read ?? [])]) noteCopy(unit, module, place, account);
  const open = openReads(
    id,
    [...session.accounts(), account],
    shared === undefined ? undefined : { account: shared, module: read?.analysis.row.key ?? '' },
  );
  const at = <T extends { readonly evidence: Evidence }>(one: T): T => ({
    ...one,
    evidence: asRun?.placed(one.evidence) ?? one.evidence,
  });
  return {
    readAsData: [...new Set([...account.read, ...(shared?.read ?? [])])].sort(byCodeUnit),
    blindSpots: open.blindSpots.map(at),
    findings: open.findings,
  };
}

/** What a module reads in its own folder may lie beside the unit: Terragrunt copies that over the module. */
function noteCopy(unit: Frame, module: ModuleReference | undefined, place: string, account: FileAccount): void {
  const { session } = unit;
  const from = module?.frame === undefined ? undefined : module.place;
  const prefix = from === undefined ? undefined : filePlace(from.view.repo, from.path === '' ? '' : `${from.path}/`);
  if (prefix === undefined || !place.startsWith(prefix)) return;
  const own = session.estate.paths.inView(folderOf(unit.at.config));
  const copy = join(own, place.slice(prefix.length));
  const contents = parseContents(copy);
  if (contents !== undefined) {
    if (session.view.isDirectory(contents.folder)) account.contents(session.view, contents.folder, contents.pattern);
  } else if (copy.endsWith('/**')) {
    if (session.view.isDirectory(copy.slice(0, -3))) account.names(session.view, copy.slice(0, -3));
  } else if (session.view.isFile(copy)) account.file(session.view, copy);
}

function attempted(compute: () => Value): Value | undefined {
  try {
    return compute();
  } catch (error) {
    if (error instanceof EvaluationError) return undefined;
    throw error;
  }
}
