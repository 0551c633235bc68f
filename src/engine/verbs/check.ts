import { join } from 'node:path';
import { countBySeverity, type FindingCause } from '../../graph/findings-by-cause.ts';
import { digestOf } from '../../model/digest.ts';
import type { Finding, Severity } from '../../model/finding.ts';
import { findingKinds } from '../../model/finding-codes.ts';
import { findEstateRoot } from '../../observe/estate-root.ts';
import type { EngineContext } from '../context.ts';
import { findingsAbout } from '../view/findings-about.ts';
import { loadView } from '../view/load-view.ts';
import { withNearest } from '../view/nearest-hints.ts';
import { selectNodes, tellNothingRecognised } from '../view/select.ts';
import { findingsIn, shownCauses } from '../view/shown-findings.ts';
import { type LoadedView, stampOf, type ViewStamp } from '../view/view.ts';

export interface CheckQuery {
  readonly at?: string;
  readonly selection: readonly string[];
  /** Fingerprints of findings that were accepted. */
  readonly accepted: ReadonlySet<string>;
}

export interface CheckAnswer {
  readonly view: ViewStamp;
  /** How many components were judged. */
  readonly components: number;
  /** Not accepted by the baseline. */
  readonly findings: readonly Finding[];
  readonly accepted: number;
  /** Baseline entries that no longer occur. */
  readonly gone: number;
  readonly counts: Readonly<Record<Severity, number>>;
  /** The same findings by what causes them, worst first: to mend one mends all that it causes. */
  readonly causes: readonly FindingCause[];
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
  const { graph } = view;
  const isPart = query.selection.length > 0 && graph.size > 0;
  const nodes = isPart ? await judgedNodes(context, view, query.selection) : [...graph.ids.keys()];
  const all = isPart ? findingsIn(view).filter(findingsAbout(view, nodes)) : findingsOf(context, view);
  const { gone, findings, ...judged } = judge(all, query.accepted);
  const hinted = withNearest(graph, findings);
  // A part of the findings cannot tell which others are gone.
  return {
    view: stampOf(view),
    components: nodes.filter((node) => !graph.isParameter(node)).length,
    ...judged,
    findings: hinted,
    causes: shownCauses(graph, hinted),
    gone: isPart ? 0 : gone,
  };
}

/** What is selected to be judged. A name that nothing has is an error here: a gate must not pass because of a slip of the finger. */
export async function judgedNodes(
  context: EngineContext,
  view: LoadedView,
  selection: readonly string[],
): Promise<readonly number[]> {
  return selectNodes(context, view, selection, { patternsMustFit: true });
}

/** Findings of the whole view, and that there is nothing to judge where nothing is recognised. */
export function findingsOf(context: EngineContext, view: LoadedView): readonly Finding[] {
  const findings = findingsIn(view);
  return tellNothingRecognised(context, view) ? [...findings, nothingRecognised] : findings;
}

const nothingRecognised: Finding = {
  code: 'nothing-recognised',
  severity: findingKinds['nothing-recognised'].severity,
  subject: 'estate',
  key: 'components',
  message: 'no component is recognised here, so nothing was judged',
  evidence: [],
};

export function judge(
  all: readonly Finding[],
  accepted: ReadonlySet<string>,
): Omit<CheckAnswer, 'view' | 'components' | 'causes'> {
  const seen = new Set(all.map(fingerprintOf));
  const findings = all.filter((finding) => !accepted.has(fingerprintOf(finding)));
  return {
    findings,
    accepted: all.length - findings.length,
    gone: [...accepted].filter((one) => !seen.has(one)).length,
    counts: countBySeverity(findings),
  };
}

/** Every finding of the view, for writing a baseline. */
export async function everyFinding(context: EngineContext, at?: string): Promise<readonly Finding[]> {
  return findingsIn(await loadView(context, at));
}
