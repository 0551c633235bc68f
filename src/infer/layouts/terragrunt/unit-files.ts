import { EvaluationError } from '../../../hcl/scope.ts';
import type { Value } from '../../../hcl/value.ts';
import type { ClaimBlindSpot } from '../../../model/claim.ts';
import { parseContents } from '../../../model/contents.ts';
import { byCodeUnit } from '../../../model/digest.ts';
import type { Evidence } from '../../../model/evidence.ts';
import { filePlace } from '../../../model/file-view.ts';
import type { Finding } from '../../../model/finding.ts';
import type { FileAccount } from '../../terraform/file-account.ts';
import { filesNamedBy } from '../../terraform/files-named.ts';
import { openReads } from '../../terraform/open-reads.ts';
import { copiesBelow } from './copied-files.ts';
import type { Frame } from './frame.ts';
import type { ModuleAsRun } from './module-as-run.ts';
import type { ModuleReference } from './module-reference.ts';
import { folderOf, join } from './paths.ts';
import type { UnitModule } from './unit-modules.ts';
import { isFollowed } from './unit-root.ts';

/** The files that a unit's run reads as data: its own evaluation's, its module's, and those that its inputs name. */
export interface UnitFiles {
  readonly readAsData: readonly string[];
  readonly blindSpots: readonly ClaimBlindSpot[];
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
  const isInPart = [account, shared].some((one) => one?.open.some(({ code }) => code === 'file-in-part') === true);
  noteCopies(unit, module, { read: [...account.read, ...(shared?.read ?? [])], isInPart }, account);
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

/**
 * What a module reads in its own folder may lie beside the unit: Terragrunt copies that over the module. Whoever lists a folder
 * of the copy finds what is copied into it, and may read each.
 */
function noteCopies(
  unit: Frame,
  module: ModuleReference | undefined,
  { read, isInPart }: { readonly read: readonly string[]; readonly isInPart: boolean },
  account: FileAccount,
): void {
  const { session } = unit;
  const from = module?.frame === undefined ? undefined : module.place;
  if (from === undefined) return;
  const own = session.estate.paths.inView(folderOf(unit.at.config));
  const prefix = filePlace(from.view.repo, from.path === '' ? '' : `${from.path}/`);
  // Of a path known in part it is not told which folder it leads to.
  const listed: string[] = isInPart ? [own] : [];
  for (const place of read) {
    const folder = parseContents(place)?.folder ?? (place.endsWith('/**') ? place.slice(0, -3) : undefined);
    if (folder === undefined) {
      const copy = place.startsWith(prefix) ? join(own, place.slice(prefix.length)) : undefined;
      if (copy !== undefined && session.view.isFile(copy)) account.file(session.view, copy);
    } else if (`${folder}/`.startsWith(prefix)) listed.push(join(own, folder.slice(prefix.length)));
    // What is listed above the module holds it.
    else if (prefix.startsWith(`${folder}/`) || folder === '') listed.push(own);
  }
  const isOwnFile = (path: string) => /^terragrunt\.hcl(\.json)?$/.test(own === '' ? path : path.slice(own.length + 1));
  if (listed.length === 0) return;
  const says = (file: string) => file.endsWith('.hcl') && session.view.read(file)?.includes('include_in_copy') === true;
  const withHidden = Object.keys(session.readSet().files).some(says);
  for (const folder of new Set(listed)) copiesBelow(session.view, folder, account, isOwnFile, withHidden);
}

function attempted(compute: () => Value): Value | undefined {
  try {
    return compute();
  } catch (error) {
    if (error instanceof EvaluationError) return undefined;
    throw error;
  }
}
