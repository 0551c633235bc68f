import {
  type ChangeAnswer,
  changeStates,
  isOpenChange,
  type ListedChange,
  type ProposalQuery,
  type ProposedAnswer,
} from '../../../engine/verbs/changes.ts';
import type { Json } from '../../../model/digest.ts';
import { KarmaError } from '../../../model/errors.ts';
import { choiceOption, flagOption, listOption, numberOption, type Options, textOption, type Verb } from '../command.ts';
import { givenText } from '../given-text.ts';
import { count } from '../render/evidence.ts';
import type { Style } from '../render/style.ts';
import { table } from '../render/table.ts';
import { jsonOrText, keyAsTyped, sayAway, sayOnce } from '../said-once.ts';
import { sinceLines } from './impact-since.ts';

export const runPropose: Verb = async ({ args, options, output, ask }) => {
  const worktree = flagOption(options, 'fromWorktree');
  const query: ProposalQuery = {
    reason: textOption(options, 'reason') ?? '',
    ...(await edits(args, options)),
    ...created(options),
    ...given('remove', listOption(options, 'remove')),
    ...renamed(options),
    ...(listOption(options, 'new').length > 0 ? {} : text('from', options, 'from')),
    ...text('base', options, 'base'),
    ...text('revise', options, 'revise'),
    ...(textOption(options, 'patch') === undefined
      ? {}
      : { diff: await givenText(textOption(options, 'patch') ?? '', 'a patch is read from there; - is stdin') }),
    ...(flagOption(options, 'override')
      ? { where: 'override' }
      : flagOption(options, 'there')
        ? { where: 'there' }
        : {}),
    ...(flagOption(options, 'dryRun') ? { dryRun: true } : {}),
  };
  const answer = await ask('change-propose', query, worktree ? { worktree } : undefined);
  if (output.json) output.document(answer);
  else if (output.quiet) output.raw(answer.id === undefined ? '' : `${answer.id}\n`);
  else {
    output.answer(proposedLines(answer, output.style).join('\n'));
    if (answer.id !== undefined)
      output.talk(
        `${output.talkStyle.dim('next')}  \`karma change show ${answer.id}\`, \`karma change diff ${answer.id}\``,
      );
  }
  return flagOption(options, 'exitCode') && answer.blockers.length > 0 ? 3 : 0;
};

function given<Name extends string>(name: Name, list: readonly string[]): { readonly [N in Name]?: readonly string[] } {
  return list.length === 0 ? {} : ({ [name]: list } as { readonly [N in Name]?: readonly string[] });
}

function text<Name extends string>(name: Name, options: Options, option: string): { readonly [N in Name]?: string } {
  const value = textOption(options, option);
  return value === undefined ? {} : ({ [name]: value } as { readonly [N in Name]?: string });
}

/** `path=value` is about each component that is named; `id#path=value` about that one. */
async function edits(ids: readonly string[], options: Options): Promise<Pick<ProposalQuery, 'edits' | 'patches'>> {
  const byId = new Map<string, { readonly set: Map<string, unknown>; readonly unset: string[] }>();
  const of = (id: string) => {
    const known = byId.get(id) ?? { set: new Map<string, unknown>(), unset: [] };
    byId.set(id, known);
    return known;
  };
  const targets = (word: string, flag: string): { readonly ids: readonly string[]; readonly path: string } => {
    const at = word.indexOf('#');
    if (at > 0) return { ids: [word.slice(0, at)], path: keyAsTyped(word.slice(at + 1)) };
    if (ids.length > 0) return { ids, path: keyAsTyped(word) };
    throw new KarmaError('KARMA_USAGE', `${flag} ${word}: of which component?`, {
      hint: 'name it: `karma change propose prod/vpc/main --set cidr=10.1.0.0/16`, or `--set prod/vpc/main#cidr=10.1.0.0/16`',
    });
  };
  for (const word of listOption(options, 'set')) {
    const [, path, value] = /^([^=]+)=(.*)$/s.exec(word) ?? [];
    if (path === undefined || value === undefined)
      throw new KarmaError('KARMA_USAGE', `--set takes path=value, not ${JSON.stringify(word)}`, {
        hint: 'a value is JSON, or else a text: `--set size=3`, `--set name=web`, `--set \'tags={"a":1}\'`',
      });
    const target = targets(path, '--set');
    for (const id of target.ids) sayOnce(of(id).set, target.path, jsonOrText(value));
  }
  for (const word of listOption(options, 'unset')) {
    const target = targets(word, '--unset');
    for (const id of target.ids) sayAway(of(id).set, of(id).unset, target.path);
  }
  // Of what is new it is the environment.
  const deployment = listOption(options, 'new').length > 0 ? undefined : textOption(options, 'in');
  const within = deployment === undefined ? {} : { in: deployment };
  const file = textOption(options, 'input');
  if (deployment !== undefined && byId.size === 0 && file === undefined)
    throw new KarmaError('KARMA_USAGE', '--in says where something new is, or which deployment is meant', {
      hint: 'of --new, --set, --unset or --input',
    });
  const patch =
    file === undefined
      ? undefined
      : parsed(await givenText(file, 'a merge patch is read from there; - is stdin'), file);
  if (patch !== undefined && ids.length === 0)
    throw new KarmaError('KARMA_USAGE', '--input is laid over which component?', {
      hint: 'name it before the options',
    });
  return {
    ...(byId.size === 0
      ? {}
      : { edits: [...byId].map(([id, { set, unset }]) => ({ id, ...within, set: Object.fromEntries(set), unset })) }),
    ...(patch === undefined ? {} : { patches: ids.map((id) => ({ id, ...within, patch })) }),
  };
}

function parsed(source: string, file: string): Json {
  try {
    return JSON.parse(source) as Json;
  } catch (cause) {
    throw new KarmaError('KARMA_INPUT_INVALID', `${file} is no JSON`, {
      hint: 'a merge patch (RFC 7396) is a JSON document',
      cause,
    });
  }
}

function created(options: Options): Pick<ProposalQuery, 'create'> {
  const names = listOption(options, 'new');
  const environment = textOption(options, 'in');
  const like = textOption(options, 'from');
  return names.length === 0
    ? {}
    : {
        create: names.map((name) => ({
          name,
          ...(environment === undefined ? {} : { environment }),
          ...(like === undefined ? {} : { from: like }),
        })),
      };
}

function renamed(options: Options): Pick<ProposalQuery, 'rename'> {
  const pairs = listOption(options, 'rename').map((word) => {
    const [from = '', to = ''] = word.split('=');
    if (from === '' || to === '')
      throw new KarmaError('KARMA_USAGE', `--rename takes A=B, not ${JSON.stringify(word)}`, {
        hint: '`--rename prod/vpc/main=prod/vpc/core`',
      });
    return { from, to };
  });
  return pairs.length === 0 ? {} : { rename: pairs };
}

export function proposedLines(answer: ProposedAnswer, style: Style): readonly string[] {
  const head =
    answer.change === undefined
      ? `${style.bold('not proposed')}: this is what it would do`
      : `${style.bold(answer.change.id)} ${stateShown(answer.state, style)}  ${answer.change.reason}`;
  return [head, '', ...simulationLines(answer, style)];
}

function stateShown(state: string, style: Style): string {
  if (state === 'blocked' || state === 'failed') return style.red(state);
  return state === 'simulated' || state === 'approved' || state === 'applied'
    ? style.green(state)
    : style.yellow(state);
}

function simulationLines(
  { simulation, others, blockers, unblocking, policies, approval }: Omit<ChangeAnswer, 'change'>,
  style: Style,
): readonly string[] {
  const lines = [...sinceLines({ ...simulation, fixed: [] }, style)];
  const part = (title: string, rows: readonly string[]) => {
    if (rows.length > 0) lines.push('', title, ...rows.map((row) => `  ${row}`));
  };
  part(
    'order of runs',
    simulation.order.waves
      .slice(0, 20)
      .map(
        (wave, at) =>
          `${at + 1}  ${wave.slice(0, 6).join(', ')}${wave.length > 6 ? ` and ${wave.length - 6} more` : ''}`,
      ),
  );
  part(
    'policies',
    policies.map(
      ({ policy, outcome, is, reason }) =>
        `${outcome}  ${policy}${is === 'unknown' ? ' (not known)' : ''}${reason === '' ? '' : `: ${reason}`}`,
    ),
  );
  part(
    'who must agree',
    approval.asked.map(({ count: asked, group, because, by, met, reason }) => {
      const who = `${asked} of ${group === undefined ? 'anybody' : `@${group}`}`;
      const there = by.length === 0 ? 'nobody yet' : by.join(', ');
      return `${met ? style.green('met') : style.yellow('open')}  ${who}: ${there}  ${style.dim(`${because}${reason === undefined ? '' : `; ${reason}`}`)}`;
    }),
  );
  part(
    'who agreed',
    approval.given.map(({ by, at, holds, because }) =>
      holds ? `${by}  ${at}` : `${by}  ${at}  ${style.yellow('void')}: ${because ?? ''}`,
    ),
  );
  part(
    style.red('blocked'),
    blockers.map(({ code, subject, message }) => `${code}  ${subject}: ${message}`),
  );
  const [first, ...more] = unblocking.sets;
  if (first !== undefined) {
    part(
      `${unblocking.smallest ? 'the smallest thing' : 'a thing'} that would unblock it`,
      first.map(({ say }) => say),
    );
    for (const set of more)
      part(
        'or',
        set.map(({ say }) => say),
      );
    if (!unblocking.smallest) lines.push(style.dim('  the search was stopped: less may do'));
  }
  part(
    'other open changes',
    others.map(({ change, is, first: earlier, over, more: rest }) => {
      const about =
        over.length === 0 ? '' : `  ${style.dim(`${over.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`)}`;
      if (is === 'commutes') return `commutes with ${change}`;
      const word =
        is === 'clashes'
          ? style.red(`clashes with ${change}`)
          : earlier === change
            ? `waits for ${change}`
            : `${change} waits for it`;
      return `${word}${about}`;
    }),
  );
  return lines;
}

export const runList: Verb = async ({ options, output, ask }) => {
  const state = choiceOption(options, 'state', changeStates);
  const answer = await ask('changes', {
    ...(state === undefined ? {} : { state }),
    ...(flagOption(options, 'all') ? { all: true } : {}),
  });
  if (output.json) output.document(answer);
  else if (output.quiet) output.raw(answer.changes.map(({ id }) => `${id}\n`).join(''));
  else if (answer.changes.length === 0)
    output.answer('no open change (`karma change propose` makes one, `--all` shows those that are over)');
  else output.answer(listed(answer.changes, output.style));
  const behind = answer.changes.filter(({ isBehind }) => isBehind === true).map(({ id }) => id);
  if (behind.length > 0)
    output.talk(
      `the branch moved since the state of ${behind.slice(0, 5).join(', ')}${behind.length > 5 ? ` and ${behind.length - 5} more` : ''} was found out: \`karma change show\` tells what it is now`,
    );
  return 0;
};

function listed(changes: readonly ListedChange[], style: Style): string {
  return table(
    changes,
    [
      { title: 'ID', value: ({ id }) => id },
      {
        title: 'STATE',
        value: ({ state }) => state,
        paint: (word, { state }) => word.replace(state, stateShown(state, style)),
      },
      { title: 'REV', value: ({ revision }) => String(revision), right: true },
      { title: 'BY', value: ({ proposer }) => proposer },
      { title: 'WHEN', value: ({ proposedAt }) => proposedAt.slice(0, 16).replace('T', ' ') },
      { title: 'DOES', value: ({ summary, files }) => summary?.[0].split(' → ').at(-1) ?? count(files, 'file') },
      { title: 'WHY', value: ({ reason }) => reason.split('\n')[0] ?? '' },
    ],
    style,
  );
}

export const runShow: Verb = async ({ args, options, output, ask }) => {
  const form = choiceOption(options, 'output', ['table', 'json', 'policy-input']);
  if (form === 'policy-input') {
    output.document(await ask('change-input', { id: args[0] ?? '' }));
    return 0;
  }
  const answer = await ask('change', { id: args[0] ?? '' });
  if (output.json || form === 'json') {
    output.document(answer);
    return 0;
  }
  const { change, events } = answer;
  const { style } = output;
  output.answer(
    [
      `${style.bold(change.id)} ${stateShown(change.state, style)}  revision ${change.revision}, ${[change.proposer, ...(change.revisers ?? []).map(({ by }) => by)].join(' with ')}, ${change.proposedAt}`,
      change.reason,
      style.dim(
        `${change.base.slice(0, 12)} → ${change.head.slice(0, 12)}  ${count(change.files, 'file')} (${change.ways.join(', ')})`,
      ),
      '',
      ...simulationLines(answer, style),
      '',
      'what happened',
      ...events.map(({ at, action, actor, door }) => `  ${at}  ${action}  ${actor} (${door})`),
    ].join('\n'),
  );
  return 0;
};

export const runSimulate: Verb = async ({ args, options, output, ask }) => {
  const answer = await ask('change-simulate', { id: args[0] ?? '' });
  if (output.json) output.document(answer);
  else
    output.answer(
      [
        `${output.style.bold(answer.change.id)} ${stateShown(answer.change.state, output.style)}`,
        '',
        ...simulationLines(answer, output.style),
      ].join('\n'),
    );
  return flagOption(options, 'exitCode') && answer.blockers.length > 0 ? 3 : 0;
};

export const runDiff: Verb = async ({ args, output, ask }) => {
  const answer = await ask('change-diff', { id: args[0] ?? '' });
  if (output.json) output.document(answer);
  else output.patch(answer.diff.endsWith('\n') ? answer.diff : `${answer.diff}\n`);
  return 0;
};

/** What somebody saw of it, as queries have it. */
function seenOf(options: Options) {
  const revision = numberOption(options, 'revision', 1);
  return {
    ...(revision === undefined ? {} : { revision }),
    ...text('consequence', options, 'consequence'),
    ...text('reason', options, 'reason'),
  };
}

export const runApprove: Verb = async ({ args, options, output, ask }) => {
  const answer = await ask('change-approve', { id: args[0] ?? '', ...seenOf(options) });
  const { change, approval } = answer;
  if (output.json) output.document(answer);
  else {
    const open = approval.asked.filter(({ met }) => !met);
    const more = open.map(({ count: asked, group, by }) => {
      const left = asked - by.length;
      return `${left} more of ${group === undefined ? 'anybody' : `@${group}`}`;
    });
    output.answer(
      [
        `${output.style.bold(change.id)} ${stateShown(change.state, output.style)}  revision ${change.revision}: ${answer.simulation.summary.join('\n')}`,
        ...(more.length === 0 ? [] : [`needs ${more.join(', ')}`]),
      ].join('\n'),
    );
  }
  return 0;
};

export const runReject: Verb = async ({ args, options, output, ask }) => {
  const answer = await ask('change-reject', { id: args[0] ?? '', ...seenOf(options) });
  if (output.json) output.document(answer);
  else output.answer(`${answer.change.id} is rejected`);
  return 0;
};

export const runCancel: Verb = async ({ args, options, output, ask }) => {
  const reason = textOption(options, 'reason');
  const { change } = await ask('change-cancel', { id: args[0] ?? '', ...(reason === undefined ? {} : { reason }) });
  if (output.json) output.document({ change });
  else output.answer(`${change.id} is cancelled`);
  return 0;
};

/** Tells what happens to a change, once a second, until it is over or somebody interrupts. */
export const runWatch: Verb = async ({ args, output, ask }) => {
  let going = true;
  process.once('SIGINT', () => {
    going = false;
  });
  for (let after = 0; going; ) {
    const { change, events } = await ask('change', { id: args[0] ?? '' });
    for (const event of events.filter(({ seq }) => seq > after)) {
      after = event.seq;
      output.raw(
        output.json ? `${JSON.stringify(event)}\n` : `${event.at}  ${event.action}  ${event.actor} (${event.door})\n`,
      );
    }
    if (!isOpenChange(change.state)) return 0;
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
  return 130;
};
