import type { Claim } from '../../../model/claim.ts';
import type { EstateSettings, EstateView } from '../../../model/estate.ts';
import type { Environment, FileView } from '../../../model/file-view.ts';
import type { Finding } from '../../../model/finding.ts';
import type { ReferenceRow } from '../../../model/reference.ts';
import { Resolver } from '../../resolver.ts';
import { viewOf } from '../../terraform/memory-view.fixture.ts';
import { terragruntLayout } from './layout.ts';

export type Files = Readonly<Record<string, string>>;

export interface Read {
  readonly claims: ReadonlyMap<string, Claim>;
  /** `app -> vpc /id`, sorted; `?` before a pointer that is read with a fallback. */
  readonly edges: readonly string[];
  /** `code subject key`, sorted. */
  readonly findings: readonly string[];
  readonly passedOver: readonly string[];
}

interface Around {
  readonly environment?: Environment;
  readonly settings?: EstateSettings;
  readonly elsewhere?: (address: string, ref: string | undefined) => FileView | undefined;
}

export function estateOf(files: Files, { environment = {}, settings = {}, elsewhere }: Around = {}): EstateView {
  const main: FileView = { ...viewOf(files), repoRoot: '' };
  return {
    main,
    repos: new Map([['', main]]),
    environment,
    parameters: new Map(),
    settings,
    ...(elsewhere === undefined ? {} : { elsewhere }),
  };
}

/** A whole small estate: discovered, claimed and resolved. */
export function readEstate(files: Files, around: Around = {}): Read {
  const open = terragruntLayout.open(estateOf(files, around));
  const discovery = open.discover();
  const claims = new Map(discovery.candidates.map((candidate) => [candidate.id, open.claim(candidate)]));
  const resolver = new Resolver([]);
  resolver.load(claims.values());
  const edges: string[] = [];
  const findings = discovery.findings.map(shownFinding);
  for (const { table, value } of resolver.rows.values()) {
    if (table === 'reference') edges.push(shownEdge(JSON.parse(value) as ReferenceRow));
    if (table === 'finding') findings.push(shownFinding(JSON.parse(value) as Finding));
  }
  return {
    claims,
    edges: edges.sort(),
    findings: findings.sort(),
    passedOver: discovery.passedOver.map(({ path, reason }) => `${path}: ${reason}`),
  };
}

function shownEdge({ from, to, consumes, tolerated }: ReferenceRow): string {
  const pointers = consumes.map((pointer) => (tolerated.includes(pointer) ? `?${pointer}` : pointer));
  return [`${from} -> ${to}`, ...pointers].join(' ');
}

function shownFinding({ code, subject, key }: Finding): string {
  return `${code} ${subject} ${key}`;
}
