import type { AppliedChange, ApplyQuestion } from '../../../engine/applying/apply.ts';
import type { DeployFace } from '../../../engine/deploying/query.ts';
import { changeApplyVerb, changeResumeVerb } from '../../../engine/verbs/change-apply.ts';
import { changePlanVerb } from '../../../engine/verbs/change-plan.ts';
import type { ChangeScores } from '../../../engine/verbs/change-score.ts';
import type { AnswerOf } from '../../../engine/verbs/table.ts';
import { answerTo } from '../../../engine/verbs/verb.ts';
import { KarmaError } from '../../../model/errors.ts';
import { printable } from '../../../model/printable.ts';
import { type Call, flagOption, numberOption, textOption, type Verb } from '../command.ts';
import { type ExitCode, exitOfFailures } from '../exit-codes.ts';
import type { Output } from '../output.ts';
import { count } from '../render/evidence.ts';
import { type LiveRuns, liveRuns } from '../render/live-runs.ts';
import type { Style } from '../render/style.ts';
import { proposedLines } from './change.ts';
import { confirmed, isTerminal, keyOf } from './confirm.ts';
import { tellPlans } from './plan.ts';
import { deployedLines, stopSignals, tellQuestion } from './run-frame.ts';

export const runApply: Verb = (call) => carryOut(call, false);
export const runResume: Verb = (call) => carryOut(call, true);

async function carryOut(call: Call, resumes: boolean): Promise<ExitCode> {
  if (call.afar) return carryOutAfar(call, resumes);
  const { args, options, output, context } = call;
  const stopping = stopSignals(output);
  let live: LiveRuns | undefined;
  const face: DeployFace = {
    confirm: async () => true,
    confirmChange: async (question) => {
      if (!output.quiet) tellChange(question, output);
      return flagOption(options, 'yes') || asked(question, stopping.finishOnly);
    },
    begin: (question) => {
      tellQuestion(question, output, true);
      live = liveRuns(output, question.members.map(keyOf), { outcomes: true, verbose: flagOption(options, 'verbose') });
      stopping.say = live.say;
    },
    listen: (event) => live?.listen(event),
    finishOnly: stopping.finishOnly,
    stopNow: stopping.stopNow,
  };
  const query = {
    id: args[0] ?? '',
    dryRun: flagOption(options, 'dryRun'),
    overtake: flagOption(options, 'overtake'),
    statesCopied: flagOption(options, 'statesCopied'),
    takeOver: flagOption(options, 'takeOver'),
    failFast: flagOption(options, 'failFast'),
    verify: flagOption(options, 'verify'),
    parallelism: numberOption(options, 'parallelism', 1),
  };
  try {
    const exactly = {
      revision: numberOption(options, 'revision', 1),
      consequence: textOption(options, 'consequence'),
    };
    const answer = resumes
      ? await answerTo(context, changeResumeVerb, query, { here: { face } })
      : await answerTo(context, changeApplyVerb, { ...query, ...exactly }, { here: { face } });
    live?.end();
    return tellApplied(answer, live, output);
  } finally {
    live?.end();
    stopping.end();
  }
}

function tellApplied(answer: AppliedChange, live: LiveRuns | undefined, output: Output): ExitCode {
  if (output.json) output.document(answer);
  else output.answer((isDry(answer) ? aheadLines(answer, output.style) : doneLines(answer, live, output)).join('\n'));
  return exitOf(answer);
}

/** The same by a worker of the service. */
async function carryOutAfar(call: Call, resumes: boolean): Promise<ExitCode> {
  const { args, options, output, ask } = call;
  const [id = ''] = args;
  if (!flagOption(options, 'yes'))
    throw new KarmaError(
      'KARMA_DECLINED',
      `whoever ${resumes ? 'goes on with' : 'applies'} ${id} from afar says so beforehand`,
      {
        hint: `\`karma change show ${id}\` says what it would do; say --yes to have a worker do it`,
      },
    );
  const { carriedOut, toldAgain } = await import('./run-afar.ts');
  const stopping = stopSignals(output);
  try {
    const [revision, consequence] = [numberOption(options, 'revision', 1), textOption(options, 'consequence')];
    const query = {
      id,
      ...(revision === undefined ? {} : { revision }),
      ...(consequence === undefined ? {} : { consequence }),
      ...(flagOption(options, 'overtake') ? { overtake: true } : {}),
      ...(flagOption(options, 'statesCopied') ? { statesCopied: true } : {}),
    };
    const { request } = await ask(resumes ? 'change-resume-ask' : 'change-apply-ask', query);
    const outcome = await carriedOut(request, call, stopping);
    const answer = outcome.answer as unknown as AppliedChange;
    if (outcome.ofChange !== undefined && !output.quiet)
      tellChange(outcome.ofChange as unknown as ApplyQuestion, output);
    return tellApplied(answer, toldAgain(call, outcome, { ofChange: true }), output);
  } finally {
    stopping.end();
  }
}

export const runPlan: Verb = async (call) => {
  const { args, options, output, context } = call;
  if (flagOption(options, 'kept')) return tellKept(call);
  if (call.afar) return planAfar(call);
  const stopping = stopSignals(output);
  const live = liveRuns(output, [], { outcomes: false, verbose: flagOption(options, 'verbose') });
  const { finishOnly, stopNow } = stopping;
  const face = { confirm: async () => true, listen: live.listen, finishOnly, stopNow };
  const query = {
    id: args[0] ?? '',
    cutoff: options['cutoff'] !== false,
    parallelism: numberOption(options, 'parallelism', 1),
  };
  try {
    const answer = await answerTo(context, changePlanVerb, query, { here: { face } });
    live.end();
    if (output.json) output.document(answer);
    else tellPlans(answer, output);
    if (stopping.finishOnly.aborted) return 130;
    return exitOfFailures(answer.plans.flatMap((one) => (one.state === 'failed' ? [one.error?.code] : [])));
  } finally {
    live.end();
    stopping.end();
  }
};

async function planAfar(call: Call): Promise<ExitCode> {
  const { args, output, ask } = call;
  const { carriedOut, toldAgain } = await import('./run-afar.ts');
  const stopping = stopSignals(output);
  try {
    const { request } = await ask('change-plan-ask', { id: args[0] ?? '' });
    const outcome = await carriedOut(request, call, stopping);
    const answer = outcome.answer as unknown as AnswerOf<'change-plan'>;
    toldAgain(call, outcome, { outcomes: false });
    if (output.json) output.document(answer);
    else tellPlans(answer, output);
    return exitOfFailures(answer.plans.flatMap((one) => (one.state === 'failed' ? [one.error?.code] : [])));
  } finally {
    stopping.end();
  }
}

async function tellKept({ args, output, ask }: Call): Promise<ExitCode> {
  const answer = await ask('change-plan-kept', { id: args[0] ?? '' });
  const { change, plan, outdated } = answer;
  if (output.json) output.document(answer);
  else if (plan === undefined) output.answer(`nobody planned ${change} yet: \`karma change plan ${change}\``);
  else {
    output.talk(output.talkStyle.dim(`planned by ${printable(plan.by)} at ${plan.at}`));
    if (outdated !== undefined)
      output.talk(output.talkStyle.yellow(`not what would happen now: ${printable(outdated)}`));
    tellPlans(plan, output);
  }
  return 0;
}

export const runScore: Verb = async ({ args, options, output, ask }) => {
  const limit = numberOption(options, 'limit', 1);
  const answer = await ask('change-score', {
    ...(args[0] === undefined ? {} : { id: args[0] }),
    ...(limit === undefined ? {} : { limit }),
  });
  if (output.json) output.document(answer);
  else output.answer(scoreLines(answer, output.style).join('\n'));
  return 0;
};

function scoreLines({ scores, total }: ChangeScores, style: Style): readonly string[] {
  if (scores.length === 0) return ['no change was applied yet of which something ran'];
  const words = ({ right, wrong, missed, unknown }: ChangeScores['scores'][number]): string =>
    [
      `${right.length} as predicted`,
      `${wrong.length} predicted and unchanged`,
      `${missed.length} not predicted`,
      ...(unknown.length === 0 ? [] : [`${unknown.length} not known`]),
    ].join(', ');
  const lines = scores.flatMap((one) => [
    `${style.bold(one.change)}  precision ${part(one.precision)}  recall ${part(one.recall)}  ${words(one)}`,
    ...(scores.length > 1
      ? []
      : [
          ...one.wrong.map((id) => `  unchanged      ${printable(id)}`),
          ...one.missed.map((id) => style.red(`  not predicted  ${printable(id)}`)),
        ]),
  ]);
  return [
    ...lines,
    ...(scores.length > 1 ? ['', `all  precision ${part(total.precision)}  recall ${part(total.recall)}`] : []),
    ...(total.rules.length === 0 ? [] : ['', 'by rule: how many of what it reached really changed']),
    ...total.rules.map(({ rule, predicted, right }) => `  ${rule}  ${right} of ${predicted}`),
  ];
}

function part(number: number | undefined): string {
  return number === undefined ? 'not known' : number.toFixed(2);
}

export const runRevert: Verb = async ({ args, options, output, ask }) => {
  const reason = textOption(options, 'reason');
  const answer = await ask('change-revert', { id: args[0] ?? '', ...(reason === undefined ? {} : { reason }) });
  if (output.json) output.document(answer);
  else if (output.quiet) output.raw(`${answer.id}\n`);
  else {
    output.answer(proposedLines(answer, output.style).join('\n'));
    output.talk(`${output.talkStyle.dim('next')}  \`karma change apply ${answer.id}\``);
  }
  return 0;
};

/** @throws KARMA_DECLINED where nobody can be asked, KARMA_INTERRUPTED on Ctrl-C */
function asked({ told, ahead, resumes }: ApplyQuestion, stop: AbortSignal): Promise<boolean> {
  const verb = resumes ? 'go on with' : ahead.offered === undefined ? 'apply' : 'offer';
  const environments = ahead.offered === undefined ? ahead.environments : [];
  const what = `${verb} ${told.change.id} ${ahead.offered === undefined ? `in ${environments.join(', ') || 'Git alone'}` : 'as a pull request'}`;
  if (!isTerminal())
    throw new KarmaError('KARMA_DECLINED', `nobody is here to confirm: ${what}`, {
      hint: `say --yes to ${resumes ? 'resume' : 'apply'} without being asked, or --dry-run to see what would happen`,
    });
  return confirmed(what, environments, 'apply', stop);
}

function tellChange({ told, ahead, resumes }: ApplyQuestion, output: Output): void {
  const { talkStyle } = output;
  const { change, simulation } = told;
  output.talk(`${talkStyle.bold(change.id)}  ${printable(change.reason.split('\n')[0] ?? '')}`);
  for (const line of simulation.summary) output.talk(`  ${printable(line)}`);
  if (resumes && change.apply?.commit !== undefined)
    output.talk(
      talkStyle.yellow(`  begun by ${printable(change.apply.by)}: it is ${change.apply.commit.slice(0, 12)}`),
    );
  for (const line of stepLines(ahead, talkStyle)) output.talk(`  ${line}`);
}

function stepLines(ahead: AppliedChange['ahead'], style: Style): string[] {
  const { configs, members, left, offered } = ahead;
  const written = configs.filter(({ outcome }) => outcome === 'would publish');
  const shown = members.slice(0, 10).map(keyOf).map(printable);
  const more = members.length > 10 ? ` and ${members.length - 10} more` : '';
  return [
    commitLine(ahead),
    ...(offered === undefined ? [] : ['once it is merged']),
    ...(written.length === 0 ? [] : [`publish  ${count(written.length, 'config')}`]),
    `deploy   ${members.length === 0 ? 'nothing' : `${shown.join(', ')}${more}, what provably need not run skipped`}`,
    ...left.map((id) =>
      style.yellow(`left     ${printable(id)} stays deployed: \`karma destroy ${printable(id)}\` takes it away`),
    ),
  ];
}

function commitLine({ ref, rebased, shared, offered, merged }: AppliedChange['ahead']): string {
  const branch = printable(ref.replace(/^refs\/heads\//, ''));
  const there = shared === undefined ? '' : printable(`${shared.remote}/${shared.branch}`);
  if (merged !== undefined) return `merged   into ${branch} as ${merged.slice(0, 12)}`;
  if (offered !== undefined) return `offer    ${printable(offered)}, to be merged into ${there || branch}`;
  return `commit   on ${branch}${rebased ? ', laid over what came since' : ''}${there === '' ? '' : `, pushed to ${there}`}`;
}

function isDry({ outcome }: AppliedChange): boolean {
  return outcome === 'would apply' || outcome === 'would not apply';
}

function aheadLines({ change, outcome, ahead, obstacles }: AppliedChange, style: Style): readonly string[] {
  const head =
    outcome === 'would apply'
      ? `${style.bold(change.id)} would be ${ahead.offered === undefined ? 'applied' : 'offered as a pull request'}`
      : `${style.bold(change.id)} would ${style.red('not be applied')}`;
  return [
    head,
    ...stepLines(ahead, style).map((line) => `  ${line}`),
    ...obstacles.flatMap(({ because, hint }) => [
      `${style.red('not')}  ${printable(because)}`,
      `     ${style.dim(`hint  ${printable(hint)}`)}`,
    ]),
  ];
}

function doneLines(answer: AppliedChange, live: LiveRuns | undefined, output: Output): readonly string[] {
  const { change, outcome, deploy, pull } = answer;
  const { style } = output;
  if (pull !== undefined)
    return [
      `${style.bold(change.id)} ${style.green('offered')} as ${printable(`${pull.remote}/${pull.branch}`)}, to be merged into ${printable(pull.into)}`,
      '',
      printable(pull.title),
      ...pull.body.split('\n').map((line) => `  ${printable(line)}`),
      '',
      style.dim(`merged, it is deployed by \`karma change apply ${change.id}\``),
    ];
  const commit = change.apply?.commit?.slice(0, 12) ?? '';
  const end =
    outcome === 'applied'
      ? `${style.bold(change.id)} ${style.green('applied')}  ${commit}`
      : `${style.bold(change.id)} ${style.red(outcome)}  ${commit}`;
  return [
    ...(deploy === undefined ? [] : deployedLines(deploy, live, output)),
    end,
    ...(outcome === 'applied'
      ? []
      : [
          `  ${style.dim('hint')}  \`karma change resume ${change.id}\` goes on, \`karma change revert ${change.id}\` takes it back`,
        ]),
  ];
}

function exitOf({ outcome, deploy }: AppliedChange): ExitCode {
  if (outcome === 'applied' || outcome === 'offered' || outcome === 'would apply') return 0;
  if (outcome === 'interrupted') return 130;
  if (outcome === 'would not apply') return 3;
  const failed = deploy?.members.filter(({ state }) => state === 'failed') ?? [];
  return failed.length === 0 ? 1 : exitOfFailures(failed.map(({ code }) => code));
}
