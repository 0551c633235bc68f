import { join } from 'node:path';
import { digestOf } from '../model/digest.ts';
import type { Finding, Severity } from '../model/finding.ts';
import { findEstateRoot } from '../observe/estate-root.ts';
import type { EngineContext } from './context.ts';
import { loadView } from './view/load-view.ts';
import { withNearest } from './view/nearest-hints.ts';
import { selectNodes, tellNothingRecognised } from './view/select.ts';
import { stampOf, type ViewStamp } from './view/view.ts';

export interface CheckQuery {
  readonly at?: string;
  readonly selection: readonly string[];
  /** Fingerprints of findings that were accepted. */
  readonly accepted: ReadonlySet<string>;
}

export interface CheckAnswer {
  readonly view: ViewStamp;
  /** Not accepted by the baseline. */
  readonly findings: readonly Finding[];
  readonly accepted: number;
  /** Baseline entries that no longer occur. */
  readonly gone: number;
  readonly counts: Readonly<Record<Severity, number>>;
}

/** A finding's name over time: what it is about, not how it is worded or on which line. */
export function fingerprintOf({ code, subject, key }: Finding): string {
  return digestOf([code, subject, key]).slice(0, 16);
}

/** Where accepted findings are kept unless a file is named: at the estate's root, wherever in it one stands. */
export function baselineOf({ request: { cwd, configFile } }: EngineContext): string {
  return join(findEstateRoot({ cwd, configFile }).folder, '.karma-baseline.json');
}

export async function check(context: EngineContext, query: CheckQuery): Promise<CheckAnswer> {
  const view = await loadView(context, query.at);
  let all: readonly Finding[] = view.graph.findings();
  if (!tellNothingRecognised(context, view) && query.selection.length > 0) {
    const chosen = new Set((await selectNodes(context, view, query.selection)).map((node) => view.graph.id(node)));
    all = all.filter(({ subject }) => chosen.has(subject));
  }
  const { gone, findings, ...judged } = judge(all, query.accepted);
  // A part of the findings cannot tell which others are gone.
  return {
    view: stampOf(view),
    ...judged,
    findings: withNearest(view.graph, findings),
    gone: query.selection.length > 0 ? 0 : gone,
  };
}

export function judge(all: readonly Finding[], accepted: ReadonlySet<string>): Omit<CheckAnswer, 'view'> {
  const seen = new Set(all.map(fingerprintOf));
  const findings = all.filter((finding) => !accepted.has(fingerprintOf(finding)));
  const counts: Record<Severity, number> = { error: 0, warning: 0, info: 0 };
  for (const { severity } of findings) counts[severity] += 1;
  return {
    findings,
    accepted: all.length - findings.length,
    gone: [...accepted].filter((one) => !seen.has(one)).length,
    counts,
  };
}

/** Every finding of the view, for writing a baseline. */
export async function everyFinding(context: EngineContext, at?: string): Promise<readonly Finding[]> {
  return (await loadView(context, at)).graph.findings();
}
