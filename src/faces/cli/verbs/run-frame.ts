import type { DeployAnswer, DeployFace, DeployQuestion } from '../../../engine/deploying/query.ts';
import type { DeployEvent, MemberResult } from '../../../engine/deploying/words.ts';
import { notPassed } from '../../../model/check.ts';
import { printable } from '../../../model/printable.ts';
import { shellWord } from '../../../model/quote.ts';
import { type Call, flagOption, numberOption, type Options, selectionOf, textOption } from '../command.ts';
import { type ExitCode, exitOfFailures } from '../exit-codes.ts';
import type { Output } from '../output.ts';
import { checkLine } from '../render/check-line.ts';
import { count } from '../render/evidence.ts';
import { type LiveRuns, liveRuns } from '../render/live-runs.ts';
import { plannedLines } from '../render/planned-lines.ts';
import { changesInWords, secondsInWords, shortened } from '../render/run-lines.ts';
import { asked, askedForRest, isTerminal, keyOf } from './confirm.ts';

/** What the options say, the same for plan, deploy and destroy. */
export function runningOf(call: Pick<Call, 'args' | 'options'>) {
  const { options } = call;
  return {
    select: selectionOf(call),
    all: flagOption(options, 'all'),
    failFast: flagOption(options, 'failFast'),
    parallelism: numberOption(options, 'parallelism', 1),
    binding: textOption(options, 'binding'),
    at: textOption(options, 'at'),
  };
}

export function cutoffOf(options: Options): boolean {
  return options['cutoff'] !== false;
}

export async function runAndTell(
  { options, output }: Call,
  go: (face: DeployFace) => Promise<DeployAnswer>,
): Promise<ExitCode> {
  const stopping = stopSignals(output);
  let live: LiveRuns | undefined;
  const face: DeployFace = {
    confirm: async (question) => {
      tellQuestion(question, output);
      if (
        !flagOption(options, 'yes') &&
        question.members.length > 0 &&
        !(await asked(question, output, stopping.finishOnly))
      )
        return false;
      const keys = question.members.map(keyOf);
      live = liveRuns(output, keys, { outcomes: true, verbose: flagOption(options, 'verbose') });
      stopping.say = live.say;
      return true;
    },
    confirmRest: async (rest) =>
      !flagOption(options, 'yes') && isTerminal() && askedForRest(rest, output, stopping.finishOnly),
    listen: (event) => (live === undefined ? tellBefore(event, output) : live.listen(event)),
    finishOnly: stopping.finishOnly,
    stopNow: stopping.stopNow,
  };
  try {
    const answer = await go(face);
    live?.end();
    return tellAnswer({ options, output }, answer, live);
  } finally {
    live?.end();
    stopping.end();
  }
}

export function tellAnswer(
  { options, output }: Pick<Call, 'options' | 'output'>,
  answer: DeployAnswer,
  live: LiveRuns | undefined,
): ExitCode {
  if (output.json) output.document(documentOf(answer, live));
  else if (flagOption(options, 'dryRun')) tellDryRun(answer, output);
  else tellEnd(answer, live, output);
  return exitOf(answer);
}

/** What is told before the question: of what an interrupted deploy left running. */
function tellBefore(event: DeployEvent, output: Output): void {
  if (event.kind === 'note') output.talk(`  ${printable(event.key)}: ${printable(event.text)}`);
}

/** The first Ctrl-C starts nothing more, the second one stops what runs; both gracefully. */
export function stopSignals(output: Output) {
  const finish = new AbortController();
  const stop = new AbortController();
  const signals = {
    finishOnly: finish.signal,
    stopNow: stop.signal,
    say: (text: string) => output.talk(text),
    end: () => {
      process.off('SIGINT', onInterrupt);
      process.off('SIGTERM', onTerminate);
    },
  };
  const onInterrupt = () => {
    if (finish.signal.aborted) {
      signals.say('stopping what runs; Terraform writes its state first');
      stop.abort();
    } else {
      signals.say('what runs is left to finish, nothing more starts; Ctrl-C again stops it');
      finish.abort();
    }
  };
  const onTerminate = () => {
    signals.say('asked to end: stopping what runs; Terraform writes its state first');
    finish.abort();
    stop.abort();
  };
  process.on('SIGINT', onInterrupt);
  process.on('SIGTERM', onTerminate);
  return signals;
}

/** @param ofChange what is run was told already, with its commit */
export function tellQuestion(question: DeployQuestion, output: Output, ofChange = false): void {
  const { talkStyle } = output;
  if (!ofChange) output.talk(talkStyle.dim(question.view.label));
  for (const one of question.resumed) {
    const rest = one.inFlight.length + one.notStarted.length - one.left.length;
    output.talk(
      talkStyle.yellow(
        `a ${one.action === 'apply' ? 'deploy' : 'destroy'} by ${printable(one.actor)} that began ${one.startedAt} did not end: ${one.done.length} done, ${one.inFlight.length} running, ${one.notStarted.length} not started`,
      ),
    );
    for (const key of one.inFlight) {
      const program = one.programs.find((other) => other.key === key);
      const was = program?.was === 'ended' ? 'its program still ran and was waited for' : 'its program was gone';
      output.talk(
        `  ${printable(key)} was running; ${one.outcome === 'told' ? 'it is looked at when its environment is deployed' : was}`,
      );
    }
    if (one.outcome === 'resumed') output.talk(`  what is left of it goes on now (${count(rest, 'component')})`);
    if (one.left.length > 0)
      output.talk(
        talkStyle.yellow(`  not selected, so not run: ${shortened(one.left, 5)}`) +
          `; \`karma ${question.action === 'apply' ? 'deploy' : 'destroy'} ${one.left.slice(0, 5).map(shellWord).join(' ')}${one.left.length > 5 ? ' …' : ''}\` goes on with it`,
      );
  }
  if (question.planned !== undefined) tellPlanned(question.planned, output);
  for (const reason of question.asTheyAre)
    output.talk(talkStyle.yellow(`${printable(reason)}: run as it is, and recorded without a commit`));
  for (const { component, reason } of question.notRun.slice(0, 10))
    output.talk(talkStyle.dim(`  ${printable(component)} ${printable(reason)}`));
  if (question.notRun.length > 10)
    output.talk(talkStyle.dim(`  and ${question.notRun.length - 10} more that nothing runs`));
}

/** Who is asked sees again what was reviewed: exactly that is applied. */
function tellPlanned({ madeAt, madeBy, label, shown }: NonNullable<DeployQuestion['planned']>, output: Output): void {
  const { talkStyle } = output;
  output.talk(`planned by ${printable(madeBy)} at ${madeAt}, ${printable(label)}:`);
  for (const [key, plan] of shown) {
    output.talk(`  ${printable(key)}  ${changesInWords(plan.changes)}`);
    for (const line of plannedLines(plan, talkStyle)) output.talk(line);
  }
}

function tellEnd(answer: DeployAnswer, live: LiveRuns | undefined, output: Output): void {
  if (!output.quiet) {
    output.answer(deployedLines(answer, live, output).join('\n'));
    return;
  }
  const ran = answer.members.filter(({ state }) => state === 'finished').map(({ key }) => key);
  if (ran.length > 0) output.raw(`${ran.join('\n')}\n`);
}

/** What failed and why, and how many ran. */
export function deployedLines(answer: DeployAnswer, live: LiveRuns | undefined, output: Output): readonly string[] {
  const { style } = output;
  const of = (state: MemberResult['state']) => answer.members.filter((one) => one.state === state);
  const lines: string[] = [];
  for (const one of of('failed')) lines.push(...failureLines(one, answer, live, output));
  const checked = answer.members.filter(({ checks }) => notPassed(checks).length > 0);
  for (const one of checked) lines.push(...unpassedLines(one, answer, output));
  const stopped = of('discarded').length;
  const words = [
    `${of('finished').length} ${answer.action === 'apply' ? 'ran' : 'destroyed'}`,
    ...(answer.action === 'apply' ? [`${of('skipped').length} skipped with proof`] : []),
    `${of('failed').length} failed`,
    ...(stopped === 0 ? [] : [`${stopped} not run`]),
    ...(checked.length === 0 ? [] : [`${checked.length} with checks that did not pass`]),
  ];
  const version = answer.version === undefined ? '' : ` · graph v${answer.version}`;
  const end = answer.outcome === 'finished' ? '' : `${answer.outcome}: `;
  lines.push(
    `${style.bold(`${end}${words.join(', ')}`)}${style.dim(` in ${secondsInWords(answer.seconds)}${version}`)}`,
  );
  return lines;
}

function tellDryRun({ members, notRun }: DeployAnswer, output: Output): void {
  const { style } = output;
  output.answer(
    [
      ...members.map(({ key }) => `  ${printable(key)}`),
      ...notRun.map(({ component, reason }) => style.dim(`  ${printable(component)} ${printable(reason)}`)),
      style.bold(`${count(members.length, 'component')} would be destroyed, what depends on others first`),
    ].join('\n'),
  );
}

function failureLines(one: MemberResult, answer: DeployAnswer, live: LiveRuns | undefined, output: Output): string[] {
  const { style } = output;
  const log = answer.logs[one.key];
  return [
    `${style.red('failed')} ${printable(one.key)}  ${printable(one.reason ?? '')}`,
    ...(live?.complaints(one.key) ?? []).slice(0, 5).map((text) => `    ${text}`),
    ...(one.hint === undefined ? [] : [`    ${style.dim('hint')}  ${printable(one.hint)}`]),
    ...(log === undefined ? [] : [`    ${style.dim('log')}   ${log}`]),
    ...becauseOf(one.key, answer),
  ];
}

function unpassedLines({ key, checks }: MemberResult, answer: DeployAnswer, { style }: Output): string[] {
  return [
    `${style.red('checks')} ${printable(key)}`,
    ...notPassed(checks).map((one) => `    ${checkLine(one, style)}`),
    ...becauseOf(key, answer),
  ];
}

function becauseOf(key: string, { members }: DeployAnswer): string[] {
  const behind = members.filter(({ state, reason }) => state === 'discarded' && reason?.startsWith(`${key} `));
  return behind.length === 0
    ? []
    : [`    not run because of it: ${behind.map((one) => printable(one.key)).join(', ')}`];
}

function documentOf(answer: DeployAnswer, live: LiveRuns | undefined): object {
  return {
    ...answer,
    members: answer.members.map((one) => ({ ...one, commands: live?.commands(one.key) ?? [] })),
  };
}

function exitOf({ outcome, members }: DeployAnswer): ExitCode {
  if (outcome === 'finished') return 0;
  if (outcome === 'interrupted') return 130;
  const failed = members.filter(({ state }) => state === 'failed');
  return failed.length === 0 ? 1 : exitOfFailures(failed.map(({ code }) => code));
}
