import { choice, count, flag, object, text } from '../../config/shape-parts.ts';
import { KarmaError } from '../../model/errors.ts';
import { hideInText } from '../../model/secrets/text.ts';
import { withoutSaidSecrets } from '../changing/said-secrets.ts';
import type { EngineContext } from '../context.ts';
import { type RunOutcome, readOutcome } from '../requests/run-outcome.ts';
import { askedBy, isOpen, type RunRequest, requestKind } from '../requests/run-request.ts';
import { readRequest, writeRequest } from '../requests/write-request.ts';
import { loadView } from '../view/load-view.ts';
import { selectNodes } from '../view/select.ts';
import { defineVerb, select } from './verb.ts';

interface Wanted {
  readonly action: 'deploy' | 'destroy';
  readonly select?: readonly string[];
  readonly all?: boolean;
  readonly binding?: string;
  readonly reason?: string;
  readonly at?: string;
}

/** What a selection means at the commit that would run. */
async function meantBy(context: EngineContext, { select: selection = [], all = false, at = 'HEAD' }: Wanted) {
  if (selection.length === 0 && !all)
    throw new KarmaError('KARMA_USAGE', 'which components?', { hint: '"select": ["env=dev"], or "all": true' });
  const view = await loadView(context, at, { needsEstate: true });
  const nodes = await selectNodes(context, view, selection, { patternsMustFit: true });
  const environments = nodes.map((node) => view.graph.component(node).environment);
  return { commit: view.position, environments: [...new Set(environments)].sort(), count: nodes.length };
}

/** Asks for a run; whichever worker comes first does it. */
export async function askForRun(context: EngineContext, options: Wanted): Promise<{ readonly request: RunRequest }> {
  const { commit, environments, count: size } = await meantBy(context, options);
  if (size === 0) throw new KarmaError('KARMA_NOT_FOUND', 'the selection means no component');
  const { action, select: selection = [], all = false, binding, reason } = options;
  const request: RunRequest = {
    ...askedBy(context),
    ...{ action, select: selection, all, commit, environments },
    ...(binding === undefined ? {} : { binding }),
    ...(reason === undefined
      ? {}
      : { reason: await withoutSaidSecrets(context, hideInText(reason), [commit], undefined) }),
  };
  await writeRequest(context, { request, revision: 0 }, 'asked');
  return { request };
}

/** One that nobody took yet is not taken any more; one that runs starts nothing more. @throws KARMA_NOT_FOUND, KARMA_CONFLICT */
export async function cancelRequest(context: EngineContext, id: string): Promise<{ readonly request: RunRequest }> {
  const known = await readRequest(context, id);
  if (!isOpen(known.request))
    throw new KarmaError('KARMA_CONFLICT', `${id} is ${known.request.state} already`, {
      hint: 'nothing is left to stop',
    });
  const ended = { state: 'cancelled', endedAt: context.now() } as const;
  const next = known.request.state === 'asked' ? ended : ({ state: 'stopping' } as const);
  return writeRequest(context, { ...known, request: { ...known.request, ...next } }, 'changed').then(({ request }) => ({
    request,
  }));
}

export const runAskVerb = defineVerb({
  about: 'Asks for a deploy or a destroy; whichever worker comes first runs it.',
  query: object(
    'What, and of what.',
    {
      action: choice('What to run.', 'deploy', 'destroy'),
      select,
      all: flag('Every component.'),
      binding: text('One account of an environment, or one deployment of a root module.'),
      at: text('A Git revision; default: HEAD. The commit that it is now is the one that runs.'),
      reason: text('Why, in words; it stands in the ledger.'),
    },
    'action',
  ),
  writes: 'infrastructure',
  concerns: async (context, options) => (await meantBy(context, options)).environments,
  run: askForRun,
});

export const runRequestsVerb = defineVerb({
  about: 'Runs that somebody asked for, by id.',
  query: object('Which.', {
    limit: count('How many; default 100.', 1, 1000),
    cursor: text('`next` of the answer before.'),
  }),
  writes: 'nothing',
  isSmall: true,
  run: async (
    context,
    { limit = 100, cursor },
  ): Promise<{ readonly requests: readonly RunRequest[]; readonly next?: string }> => {
    const ledger = await context.stores.ledger();
    const query = { limit, ...(cursor === undefined ? {} : { after: cursor }) };
    const found = await ledger.listDocuments(requestKind, query);
    const last = found.at(-1);
    return {
      requests: found.map(({ body }) => body as RunRequest),
      ...(found.length < limit || last === undefined ? {} : { next: last.id }),
    };
  },
});

export const runRequestVerb = defineVerb({
  about: 'A run that somebody asked for: whether it is taken, and what became of it.',
  query: object('Which.', { id: text('Its id.') }, 'id'),
  writes: 'nothing',
  isSmall: true,
  run: async (context, { id }): Promise<{ readonly request: RunRequest }> => ({
    request: (await readRequest(context, id)).request,
  }),
});

export const runOutcomeVerb = defineVerb({
  about: 'What came of a run that was asked for, as whoever runs one beside the estate is told it.',
  query: object('Which.', { id: text('Its id.') }, 'id'),
  writes: 'nothing',
  run: async (context, { id }): Promise<{ readonly request: RunRequest; readonly outcome?: RunOutcome }> => {
    const { request } = await readRequest(context, id);
    const outcome = await readOutcome(await context.stores.ledger(), request.told);
    return { request, ...(outcome === undefined ? {} : { outcome }) };
  },
});

export const runCancelVerb = defineVerb({
  about: 'Takes back a run that was asked for; one that runs starts nothing more.',
  query: object('Which.', { id: text('Its id.') }, 'id'),
  writes: 'infrastructure',
  concerns: async (context, { id }) => (await readRequest(context, id)).request.environments,
  run: (context, { id }) => cancelRequest(context, id),
});
