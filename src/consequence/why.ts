import type { ComponentId } from '../model/component.ts';
import type { LedgerEvent } from '../model/event.ts';
import { outputName, type Pointer } from '../model/pointer.ts';
import type { ConsumedPointer, RunRecord } from '../model/record.ts';
import { consumedName, type Difference, differences } from './differences.ts';
import { compareDigests } from './digests.ts';
import type { EventIndex, RecordedRun } from './event-index.ts';

/**
 * Why a component, or one output of it, is as it is: the run that made it, what was new in that run, and for each new thing
 * what made *that*, down to commits and people. A tree, read from the ledger alone; where the ledger knows nothing more it
 * says so with a `gap` and does not guess.
 */
export interface Cause {
  readonly kind: 'run' | 'input' | 'commit' | 'request' | 'event' | 'gap' | 'seen';
  readonly subject: string;
  /** In words, for people: `run r4 changed /vpc_id`. */
  readonly text: string;
  readonly event?: string;
  readonly at?: string;
  readonly actor?: string;
  /** What commits to look for: whoever has Git at hand tells which of them brought it. */
  readonly since?: CommitsWanted;
  readonly causes: readonly Cause[];
}

/** The commits between two runs that may have brought a difference. */
export interface CommitsWanted {
  /** What the run before was made from; undefined where that is not known. */
  readonly from: string | undefined;
  readonly to: string;
  readonly aspect: Difference['aspect'];
  /** Only those count that reach this output. */
  readonly output: Pointer | undefined;
}

export interface WhyQuestion {
  readonly component: ComponentId;
  readonly deployment?: string;
  /** One output: then the run that last changed it, not the last run. */
  readonly output?: Pointer;
  /** How deep to walk. Default 12. */
  readonly depth?: number;
}

export function causesOf(question: WhyQuestion, events: EventIndex): Cause {
  const walk: Walk = { events, seen: new Set(), depth: question.depth ?? 12 };
  const runs = finished(events, question.component, question.deployment);
  const last = runs.length - 1;
  const isGone = runs[last]?.record.action === 'destroy';
  const at = isGone || question.output === undefined ? last : lastChangeOf(runs, question.output);
  if (at < 0) return gap(question.component, 'no finished run of it is in the ledger');
  return ofRun(walk, runs, at, question.output, 0);
}

interface Walk {
  readonly events: EventIndex;
  readonly seen: Set<string>;
  readonly depth: number;
}

function gap(subject: string, text: string): Cause {
  return { kind: 'gap', subject, text, causes: [] };
}

function finished(events: EventIndex, component: ComponentId, deployment?: string): readonly RecordedRun[] {
  return events
    .runs(component)
    .filter(({ record }) => record.outcome === 'finished' && (deployment ?? record.deployment) === record.deployment);
}

/** The run that gave an output the value it has now: back while the value stays the same. −1 when it is in no record. */
function lastChangeOf(runs: readonly RecordedRun[], output: Pointer): number {
  const name = outputName(output);
  let at = runs.length - 1;
  if (runs[at]?.record.outputs[name] === undefined) return -1;
  while (at > 0 && runs[at - 1]?.record.outputs[name] === runs[at]?.record.outputs[name]) at -= 1;
  return at;
}

function ofRun(
  walk: Walk,
  runs: readonly RecordedRun[],
  at: number,
  output: Pointer | undefined,
  depth: number,
): Cause {
  const run = runs[at];
  if (run === undefined) return gap('', 'no such run');
  const { event, record } = run;
  const destroys = record.action === 'destroy';
  // What was destroyed is made anew: nothing of the run before lives on in it.
  const previous = runs[at - 1]?.record;
  const before = previous?.action === 'destroy' ? undefined : previous;
  const node = {
    kind: 'run' as const,
    subject: record.component,
    text: runText(record, previous, output),
    event: event.id,
    at: event.at,
    actor: record.actor ?? event.actor,
  };
  if (walk.seen.has(event.id)) return { ...node, kind: 'seen', causes: [] };
  walk.seen.add(event.id);
  if (depth >= walk.depth) return { ...node, causes: [gap(record.component, 'deeper causes are left out')] };
  if (destroys) {
    const asked = askedBy(walk, event, depth + 1);
    return { ...node, causes: [...asked, ...(at > 0 ? [ofRun(walk, runs, at - 1, undefined, depth + 1)] : [])] };
  }
  const news = before === undefined ? firstInputs(record) : differences(before, record);
  const inputs = news.map((one) => ofInput(walk, one, { run, before, output }, depth + 1));
  // In the order in which they are told, so that what was seen before stands above.
  return { ...node, causes: [...inputs, ...askedBy(walk, event, depth + 1)] };
}

function runText(record: RunRecord, previous: RunRecord | undefined, output: Pointer | undefined): string {
  const verb = record.reconstructed ? 'a run by others' : `run ${record.id}`;
  if (record.action === 'destroy') return `${verb} destroyed it`;
  const anew = previous === undefined || previous.action === 'destroy';
  if (output !== undefined) return `${verb} ${anew ? 'made' : 'changed'} ${output}`;
  if (anew) return previous === undefined ? `${verb}, the first on record` : `${verb} made it anew`;
  const changed = Object.keys(record.outputs).filter((name) => record.outputs[name] !== previous.outputs[name]);
  return changed.length === 0 ? `${verb} changed no output` : `${verb} changed ${changed.sort().join(', ')}`;
}

/** Everything is new in a first run: its config, and what it read of others. */
function firstInputs(record: RunRecord): readonly Difference[] {
  const config: Difference[] =
    record.config === undefined ? [] : [{ aspect: 'config', verdict: 'different', text: 'its config' }];
  const reads = record.consumed.map(
    (one): Difference => ({
      aspect: 'consumed',
      verdict: 'different',
      text: `${consumedName(one)} was read`,
      provider: one.provider,
      runtime: one.runtime,
      pointer: one.pointer,
    }),
  );
  return [...config, ...reads];
}

interface Told {
  readonly run: RecordedRun;
  readonly before: RunRecord | undefined;
  readonly output: Pointer | undefined;
}

function ofInput(walk: Walk, difference: Difference, told: Told, depth: number): Cause {
  const { run } = told;
  const subject = difference.provider ?? run.record.component;
  const base = { kind: 'input' as const, subject, text: difference.text };
  if (difference.provider !== undefined) {
    return { ...base, causes: [ofProvider(walk, difference.provider, difference, run, depth)] };
  }
  return { ...base, causes: difference.aspect === 'binary' ? [] : [ofCommit(walk, difference, told)] };
}

/** The provider's run that left what this run read: the newest one before it whose output has that digest. */
function ofProvider(walk: Walk, provider: string, difference: Difference, run: RecordedRun, depth: number): Cause {
  const runs = finished(walk.events, provider);
  const read = run.record.consumed.find(
    (one) => one.provider === provider && one.runtime === difference.runtime && one.pointer === difference.pointer,
  );
  for (let at = runs.length - 1; at >= 0; at -= 1) {
    const candidate = runs[at];
    if (candidate === undefined || candidate.event.seq >= run.event.seq) continue;
    if (candidate.record.action === 'destroy' || !mayHaveLeft(candidate.record, read)) continue;
    const name = difference.pointer === undefined ? '*' : outputName(difference.pointer);
    const origin = name === '*' ? at : backTo(runs, at, name);
    return ofRun(walk, runs, origin, name === '*' ? undefined : `/${name}`, depth);
  }
  return gap(provider, `no recorded run of ${provider} left it`);
}

function backTo(runs: readonly RecordedRun[], from: number, name: string): number {
  let at = from;
  while (at > 0 && runs[at - 1]?.record.outputs[name] === runs[at]?.record.outputs[name]) at -= 1;
  return at;
}

/** A deeper pointer or the whole cannot be held against an output's digest: then the newest run before is the best answer. */
function mayHaveLeft(record: RunRecord, read: ConsumedPointer | undefined): boolean {
  if (read === undefined || read.pointer === '*' || read.pointer.lastIndexOf('/') > 0) return true;
  const written = record.outputs[outputName(read.pointer)];
  return written !== undefined && compareDigests(written, read.digest) !== 'different';
}

/** The commit that brought a config or module: an event of the ledger, or at least the commit the run named. */
function ofCommit(walk: Walk, difference: Difference, { run, before, output }: Told): Cause {
  const events = walk.events
    .of(run.record.component)
    .filter((one) => one.action.startsWith('config.') && one.seq < run.event.seq);
  const commit = run.record.commit;
  const since =
    commit === undefined || before === undefined
      ? {}
      : { since: { from: before.commit, to: commit, aspect: difference.aspect, output } };
  const named = events.filter((one) => one.details.commit === commit && commit !== undefined);
  const event = difference.aspect === 'config' ? (named.at(-1) ?? events.at(-1)) : named.at(-1);
  if (event !== undefined) return { ...eventCause(walk, event, 'commit'), ...since };
  if (commit === undefined) return gap(run.record.component, 'the run names no commit');
  return { kind: 'commit', subject: run.record.component, text: `commit ${commit}`, ...since, causes: [] };
}

/** What asked for the run: the deploy, the change request behind it, up the chain of causes. */
function askedBy(walk: Walk, event: LedgerEvent, depth: number): Cause[] {
  const cause = event.cause === undefined ? undefined : walk.events.byId(event.cause);
  if (cause === undefined) return [];
  if (walk.seen.has(cause.id) || depth > walk.depth) return [{ ...summary(cause, 'seen'), causes: [] }];
  walk.seen.add(cause.id);
  return [{ ...summary(cause, 'request'), causes: askedBy(walk, cause, depth + 1) }];
}

function eventCause(walk: Walk, event: LedgerEvent, kind: Cause['kind']): Cause {
  return { ...summary(event, kind), causes: askedBy(walk, event, 0) };
}

function summary(event: LedgerEvent, kind: Cause['kind']): Omit<Cause, 'causes'> {
  const message = event.details.message;
  const commit = event.details.commit;
  const parts = [
    event.action,
    typeof commit === 'string' ? commit.slice(0, 12) : '',
    typeof message === 'string' ? message : '',
  ];
  return {
    kind,
    subject: event.subject,
    text: parts.filter((one) => one !== '').join(' '),
    event: event.id,
    at: event.at,
    actor: event.actor,
  };
}
