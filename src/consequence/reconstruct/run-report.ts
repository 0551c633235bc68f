import { byCodeUnit } from '../../model/digest.ts';
import { asList, asObject, asText } from './read.ts';

/** One unit's line of a Terragrunt run report (`--report-format json`): that it ran and what came of it, nothing more. */
export interface ReportedRun {
  /** As Terragrunt names the unit: its path from where the run began. */
  readonly name: string;
  readonly started: string | undefined;
  readonly ended: string | undefined;
  readonly outcome: 'finished' | 'failed' | 'not run';
  /** Terragrunt's own words for why, when it says. */
  readonly reason: string | undefined;
}

const outcomes: Readonly<Record<string, ReportedRun['outcome']>> = {
  succeeded: 'finished',
  failed: 'failed',
  'early exit': 'not run',
  excluded: 'not run',
};

/** Sorted by name; undefined when the document is no run report. Unknown results count as not run: never as green. */
export function readRunReport(document: unknown): readonly ReportedRun[] | undefined {
  if (!Array.isArray(document)) return undefined;
  const runs: ReportedRun[] = [];
  for (const raw of asList(document)) {
    const line = asObject(raw);
    const name = asText(line?.Name);
    const result = asText(line?.Result);
    if (line === undefined || name === undefined || result === undefined) return undefined;
    runs.push({
      name,
      started: asText(line.Started),
      ended: asText(line.Ended),
      outcome: outcomes[result.toLowerCase()] ?? 'not run',
      reason: [asText(line.Reason), asText(line.Cause)].filter((one) => one !== undefined).join(': ') || undefined,
    });
  }
  return runs.sort((a, b) => byCodeUnit(a.name, b.name));
}
