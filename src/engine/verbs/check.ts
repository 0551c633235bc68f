import { choice, flag, object, text, texts } from '../../config/shape-parts.ts';
import { countBySeverity, type FindingCause } from '../../graph/findings-by-cause.ts';
import { digestOf } from '../../model/digest.ts';
import type { Finding, Severity } from '../../model/finding.ts';
import { findingKinds } from '../../model/finding-codes.ts';
import type { EngineContext } from '../context.ts';
import { findingsAbout } from '../view/findings-about.ts';
import { loadView } from '../view/load-view.ts';
import { withNearest } from '../view/nearest-hints.ts';
import { selectNodes, tellNothingRecognised } from '../view/select.ts';
import { findingsIn, shownCauses } from '../view/shown-findings.ts';
import { type LoadedView, stampOf, type ViewStamp } from '../view/view.ts';
import { readBaseline } from './baseline.ts';
import { at, defineVerb, type Here, select } from './verb.ts';

export interface CheckQuery {
  readonly at?: string;
  readonly selection: readonly string[];
  /** Fingerprints of findings that were accepted. */
  readonly accepted: ReadonlySet<string>;
  /** At least as bad. */
  readonly severity?: Severity;
  readonly code?: string;
}

/** A finding with its name over time, by which a baseline accepts it. */
export interface JudgedFinding extends Finding {
  readonly fingerprint: string;
}

export interface CheckAnswer {
  readonly view: ViewStamp;
  /** How many components were judged. */
  readonly components: number;
  /** Not accepted by the baseline. */
  readonly findings: readonly JudgedFinding[];
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

export async function check(context: EngineContext, query: CheckQuery): Promise<CheckAnswer> {
  const view = await loadView(context, query.at);
  const { graph } = view;
  const isPart = query.selection.length > 0 && graph.size > 0;
  const nodes = isPart ? await judgedNodes(context, view, query.selection) : [...graph.ids.keys()];
  const whole = isPart ? findingsIn(view).filter(findingsAbout(view, nodes)) : findingsOf(context, view);
  const isNarrow = query.severity !== undefined || query.code !== undefined;
  const all = isNarrow ? whole.filter(asBadAs(query)) : whole;
  const { gone, findings, ...judged } = judge(all, query.accepted);
  const hinted = withNearest(graph, findings);
  // A part of the findings cannot tell which others are gone.
  return {
    view: stampOf(view),
    components: nodes.filter((node) => !graph.isParameter(node)).length,
    ...judged,
    findings: hinted,
    causes: shownCauses(graph, hinted),
    gone: isPart || isNarrow ? 0 : gone,
  };
}

const rank: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 };

function asBadAs({ severity = 'info', code }: Pick<CheckQuery, 'severity' | 'code'>): (finding: Finding) => boolean {
  return (one) => rank[one.severity] <= rank[severity] && (code === undefined || one.code === code);
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
  const findings = all.flatMap((finding) => {
    const fingerprint = fingerprintOf(finding);
    return accepted.has(fingerprint) ? [] : [{ ...finding, fingerprint }];
  });
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

/** What the verbs that judge have in common; the baseline is the estate's own, since no query names a file. */
export const judging = {
  select,
  baseline: flag('Leave out what the baseline of the estate accepts; default true.'),
  accepted: texts('Fingerprints of findings that are accepted besides.'),
};

export function acceptedOf(
  context: EngineContext,
  { baseline = true, accepted = [] }: { readonly baseline?: boolean; readonly accepted?: readonly string[] },
  here?: Here,
): ReadonlySet<string> {
  return new Set([...(baseline ? readBaseline(context, here?.baseline) : []), ...accepted]);
}

export const checkVerb = defineVerb({
  about: 'Findings, schemas, contracts and policies: what is wrong or odd, and by what it is caused.',
  query: object('Of which.', {
    ...judging,
    severity: choice('At least as bad.', 'error', 'warning', 'info'),
    code: text('Of one code.'),
    at,
  }),
  writes: 'nothing',
  run: (context, { select: selection = [], severity, code, at: when, ...rest }, { here }) =>
    check(context, {
      selection,
      accepted: acceptedOf(context, rest, here),
      ...(severity === undefined ? {} : { severity }),
      ...(code === undefined ? {} : { code }),
      ...(when === undefined ? {} : { at: when }),
    }),
});
