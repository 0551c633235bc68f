import type { Claim } from '../../../model/claim.ts';
import { digestOf } from '../../../model/digest.ts';
import { findingKinds } from '../../../model/finding-codes.ts';
import type { Candidate } from '../../layout.ts';
import { unitKey } from './needs.ts';
import { nameOf } from './paths.ts';
import type { Session } from './session.ts';

/**
 * The claim of a unit at which reading itself failed: that it is there, and that nothing is known of it. The other units of the
 * estate are none the worse for it.
 */
export function unreadableUnit({ id, path }: Candidate, file: string, session: Session, thrown: unknown): Claim {
  const code = 'evaluation-failed';
  const evidence = { rule: 'unit', site: 'unit', file };
  const said = thrown instanceof Error ? thrown.message : String(thrown);
  const message = `${file} could not be read (${said}). That is a fault of Karma's: please report it with this file`;
  return {
    component: {
      id,
      kind: 'component',
      layout: 'terragrunt',
      external: false,
      type: nameOf(path),
      nickname: nameOf(path),
      environment: '',
      path,
      module: '',
      configDigest: digestOf({ unreadable: session.view.digest(file) ?? null }),
      attributes: {},
      sites: {},
    },
    types: [],
    provides: [{ key: unitKey(path), runtime: id, evidence }],
    needs: [],
    blindSpots: [{ component: id, code, evidence }],
    findings: [
      { code, severity: findingKinds[code].severity, subject: id, key: 'unit', message, evidence: [evidence] },
    ],
    readSet: session.readSet(),
    opaqueFiles: [file],
  };
}
