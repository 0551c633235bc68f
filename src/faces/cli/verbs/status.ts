import type { ComponentStatus } from '../../../engine/deployed/status-facts.ts';
import type { StatusAnswer } from '../../../engine/deployed/tell-status.ts';
import { printable } from '../../../model/printable.ts';
import { type Call, flagOption, numberOption, pageOptions, selectionOf, textOption, type Verb } from '../command.ts';
import type { ExitCode } from '../exit-codes.ts';
import type { Output } from '../output.ts';
import { blindSpotLines, unreadLines } from '../render/blind-spots.ts';
import { count } from '../render/evidence.ts';
import type { Style } from '../render/style.ts';
import { type Column, sayMore, tableParts } from '../render/table.ts';

/** Worst first: what a person acts on stands at the top of the summary. */
const words = [
  'failed',
  'check failed',
  'interrupted',
  'running',
  'edited',
  'stale',
  'drifted',
  'unpublished',
  'orphaned',
  'unknown',
  'never run',
  'deployed',
  'external',
] as const satisfies readonly ComponentStatus['status'][];

/** What `--exit-code` reports: something to act on. `unknown` is none of it, and it is never green either. */
const actionable: ReadonlySet<string> = new Set([
  'failed',
  'check failed',
  'interrupted',
  'edited',
  'stale',
  'drifted',
  'unpublished',
  'orphaned',
]);

export const run: Verb = async (call) => {
  const { options, ask } = call;
  const [binding, states] = [textOption(options, 'binding'), textOption(options, 'states')];
  const query = { select: selectionOf(call), ...(binding === undefined ? {} : { binding }) };
  const here = states === undefined ? {} : { states };
  if (!flagOption(options, 'refresh'))
    return tell(await ask('status', { ...query, ...pageOptions(options) }, here), call);
  const refreshing = await refreshIn(call);
  const parallelism = numberOption(options, 'parallelism', 1);
  const how = { all: flagOption(options, 'all'), ...(parallelism === undefined ? {} : { parallelism }) };
  const answer = ask('status-refresh', { ...query, ...how }, { ...here, face: refreshing.face });
  return tell(await answer.finally(() => refreshing.end()), call, refreshing.interrupted);
};

/** Only who asks for it pays for the programs that run. */
async function refreshIn({ output }: Call) {
  const [{ stopSignals }, { liveRuns }] = await Promise.all([
    import('./run-frame.ts'),
    import('../render/live-runs.ts'),
  ]);
  const stopping = stopSignals(output);
  const live = liveRuns(output, [], { outcomes: false, verbose: false });
  stopping.say = live.say;
  const { finishOnly, stopNow } = stopping;
  return {
    face: { confirm: async () => true, listen: live.listen, finishOnly, stopNow },
    interrupted: () => finishOnly.aborted,
    end: () => {
      live.end();
      stopping.end();
    },
  };
}

function tell(answer: StatusAnswer, { options, output }: Call, interrupted = () => false): ExitCode {
  const found = answer.components.some(({ status: word }) => actionable.has(word));
  const exit = flagOption(options, 'exitCode') && found ? 2 : 0;
  if (output.json) output.document(answer);
  else if (output.quiet) {
    const ids = answer.components.filter(({ status: word }) => actionable.has(word)).map(nameOf);
    if (ids.length > 0) output.answer(ids.join('\n'));
  } else show(answer, output);
  return interrupted() ? 130 : exit;
}

function nameOf({ component, deployment }: Pick<ComponentStatus, 'component' | 'deployment'>): string {
  return deployment === '' ? component : `${component}@${deployment}`;
}

function show(answer: StatusAnswer, output: Output): void {
  const { style, talkStyle } = output;
  output.talk(talkStyle.dim(answer.view.label));
  if (answer.components.length === 0) output.answer('no component fits');
  else
    output.answer(
      [
        summary(answer, style),
        ...deployLines(answer, style),
        ...realLines(answer.components, style),
        ...sharedLines(answer.components, style),
        '',
        ...rows(answer.components, style),
        ...blindSpotLines(answer.blindSpots, 'what they hide may make another run necessary', style),
        ...unreadLines(answer.unread, style),
      ].join('\n'),
    );
  sayMore(answer, output);
  for (const { path, reason } of answer.unmatched)
    output.talk(`${talkStyle.yellow('not used')}  ${printable(path)}: ${printable(reason)}`);
  for (const hint of answer.hints) output.talk(`${talkStyle.dim('hint')}  ${hint}`);
}

function summary({ components, counts }: StatusAnswer, style: Style): string {
  const parts = words.flatMap((word) => {
    const found = counts[word] ?? 0;
    return found === 0 ? [] : [paintWord(word, style)(`${found} ${word}`)];
  });
  return `${count(components.length, 'deployment')}: ${parts.join(', ')}`;
}

/** Deploys that go on, and those that were killed. */
function deployLines({ deploys }: StatusAnswer, style: Style): string[] {
  return deploys.map(({ state, action, actor, startedAt, done, inFlight, notStarted }) => {
    const what = `a ${action === 'apply' ? 'deploy' : 'destroy'} by ${printable(actor)} that began ${startedAt}`;
    const counts = `${done.length} done, ${inFlight.length} in the middle, ${notStarted.length} not started`;
    const next =
      state === 'interrupted' ? `; the next ${action === 'apply' ? 'deploy' : 'destroy'} goes on with it` : '';
    return `  ${style.yellow(`${state}: ${what}: ${counts}${next}`)}`;
  });
}

/** What is deployed is so by its records and its state; whether the real resources are, somebody has to ask. */
function realLines(components: readonly ComponentStatus[], style: Style): string[] {
  const states = components.map(({ drift }) => drift.drifted.state);
  const looked = states.filter((state) => state === 'yes' || state === 'no').length;
  if (states.some((state) => state !== 'not-asked')) {
    const drifted = states.filter((state) => state === 'yes').length;
    return [`  ${style.dim(`real resources: looked at for ${looked}, ${drifted} drifted`)}`];
  }
  const deployed = components.some(({ status: word }) => word === 'deployed');
  return deployed ? [`  ${style.dim('real resources: not looked at (--refresh)')}`] : [];
}

/** Reasons that hold for every row, as before the first run is recorded, are said once above the table. */
function sharedReasons([first, ...others]: readonly ComponentStatus[]): readonly string[] {
  if (first === undefined || others.length === 0) return [];
  return others.every(({ reasons }) => reasons.join('\n') === first.reasons.join('\n')) ? first.reasons : [];
}

function sharedLines(components: readonly ComponentStatus[], style: Style): string[] {
  return sharedReasons(components).map((reason) => `  ${style.dim(printable(`each: ${reason}`))}`);
}

/** One table, with the reasons of a row under it: the column widths must hold for all. */
function rows(components: readonly ComponentStatus[], style: Style): string[] {
  const several = new Set(components.map(({ environment }) => environment)).size > 1;
  const columns: Column<ComponentStatus>[] = [
    { title: 'COMPONENT', value: nameOf },
    ...(several ? [{ title: 'ENV', value: ({ environment }: ComponentStatus) => environment || '-' }] : []),
    { title: 'STATUS', value: ({ status: word }) => word, paint: (text, row) => paintWord(row.status, style)(text) },
    { title: 'LAST RUN', value: lastRun },
    { title: 'BY', value: ({ lastRun: last }) => last?.actor ?? '-' },
  ];
  const { header, rows: lines } = tableParts(components, columns, style);
  const title = header === '' ? [] : [header];
  if (sharedReasons(components).length > 0) return [...title, ...lines];
  return [...title, ...lines.flatMap((line, at) => [line, ...reasonLines(components[at], style)])];
}

function reasonLines(row: ComponentStatus | undefined, style: Style): string[] {
  const shown = (row?.reasons ?? []).slice(0, 6);
  const more = (row?.reasons.length ?? 0) - shown.length;
  return [
    ...shown.map((reason) => `      ${style.dim(printable(reason))}`),
    ...(more > 0 ? [style.dim(`      and ${more} more (--json)`)] : []),
  ];
}

function lastRun({ lastRun: last, restsOn }: ComponentStatus): string {
  if (last === undefined) return '-';
  if (!last.reconstructed) return `${last.at.slice(0, 16).replace('T', ' ')}  ${last.id}`;
  const serial = restsOn?.serial === undefined ? '' : ` ${restsOn.serial}`;
  const when = restsOn?.copied === true ? '' : `${last.at.slice(0, 16).replace('T', ' ')}  `;
  return `${when}${restsOn?.source ?? ''}${serial}`;
}

function paintWord(word: ComponentStatus['status'], style: Style): (text: string) => string {
  if (word === 'deployed') return style.green;
  if (word === 'failed' || word === 'check failed') return style.red;
  if (actionable.has(word)) return style.yellow;
  return style.dim;
}
