import { byCodeUnit, digestOf } from '../../model/digest.ts';
import type { Finding, Severity } from '../../model/finding.ts';
import { type FindingCode, findingKinds } from '../../model/finding-codes.ts';

/** A file to show a finding at that has no place of its own: code scanning drops results without one. */
export type PlaceOf = (finding: Finding) => string | undefined;

const levels: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = {
  error: 'error',
  warning: 'warning',
  info: 'note',
};

/** Findings as SARIF 2.1.0, for code scanning. Fingerprints rest on what a finding is about, not on wording or lines. */
export function sarifOf(findings: readonly Finding[], version: string, placeOf?: PlaceOf): string {
  const codes = [...new Set(findings.map(({ code }) => code))].sort(byCodeUnit);
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'Karma',
            informationUri: 'https://usekarma.dev',
            version,
            rules: codes.map(ruleOf),
          },
        },
        columnKind: 'utf16CodeUnits',
        results: findings.map((finding) => resultOf(finding, codes.indexOf(finding.code), placeOf)),
      },
    ],
  };
  return JSON.stringify(log, null, 2);
}

function ruleOf(code: string): Record<string, unknown> {
  const kind = Object.hasOwn(findingKinds, code) ? findingKinds[code as FindingCode] : undefined;
  if (kind === undefined) return { id: code };
  return {
    id: code,
    shortDescription: { text: kind.title },
    fullDescription: { text: kind.means },
    help: { text: kind.mend },
    defaultConfiguration: { level: levels[kind.severity] },
  };
}

function resultOf(finding: Finding, ruleIndex: number, placeOf?: PlaceOf): Record<string, unknown> {
  const { code, severity, subject, key, message, hint } = finding;
  const placed = finding.evidence.filter(({ file }) => file !== undefined);
  const places = placed.map(({ file, line }) => locationOf(file ?? '', line));
  const fallback = places.length > 0 ? undefined : placeOf?.(finding);
  return {
    ruleId: code,
    ruleIndex,
    level: levels[severity],
    message: { text: hint === undefined ? `${subject}: ${message}` : `${subject}: ${message}\n${hint}` },
    locations: (fallback === undefined ? places : [locationOf(fallback)]).map((place) => ({
      ...place,
      logicalLocations: [{ fullyQualifiedName: subject }],
    })),
    partialFingerprints: { 'karma/v1': digestOf([code, subject, key]) },
  };
}

/** `repo:path` names a file of another repository: its name is the base, which the reader of the log resolves. */
function locationOf(place: string, line?: number): { readonly physicalLocation: Record<string, unknown> } {
  const colon = place.indexOf(':');
  const [repo, path] = colon > 0 ? [place.slice(0, colon), place.slice(colon + 1)] : ['', place];
  const uri = path.split('/').map(encodeURIComponent).join('/');
  return {
    physicalLocation: {
      artifactLocation: repo === '' ? { uri } : { uri, uriBaseId: repo },
      ...(line === undefined ? {} : { region: { startLine: line } }),
    },
  };
}
