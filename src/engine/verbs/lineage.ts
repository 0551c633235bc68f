import { count, object, text } from '../../config/shape-parts.ts';
import { runActions } from '../../consequence/run-events.ts';
import type { ComponentId } from '../../model/component.ts';
import type { LedgerEvent } from '../../model/event.ts';
import type { EngineContext } from '../context.ts';
import { componentAmong } from '../history/component-among.ts';
import { type ChangeOfComponent, changesIn } from '../versions/changes-in.ts';
import { type Publication, publishedAction } from '../versions/project.ts';
import { defineVerb } from './verb.ts';

/** One moment at which something happened to a component. */
export interface LineageMoment {
  readonly at: string;
  readonly kind: 'version' | 'run' | 'event';
  /** Of the ledger. */
  readonly event: string;
  readonly action: string;
  readonly actor: string;
  readonly outcome: LedgerEvent['outcome'];
  readonly reconstructed?: true;
  readonly version?: number;
  /** What differs of it in that version. */
  readonly changed?: readonly ChangeOfComponent[];
  readonly run?: string;
  readonly deployment?: string;
  readonly commit?: string;
}

export interface LineageAnswer {
  readonly component: ComponentId;
  /** Newest first. */
  readonly moments: readonly LineageMoment[];
  /** How many versions were looked through, from the newest on: what is older is not told. */
  readonly versions: number;
}

/** Versions further back than this nobody scrolls to. */
const mostVersions = 200;

/** What happened to a component: versions in which it, or what it is joined by, differs; runs; everything told of it. */
export async function lineage(
  context: EngineContext,
  { id, limit }: { readonly id: string; readonly limit: number },
): Promise<LineageAnswer> {
  const component = await componentAmong(context, id);
  const ledger = await context.stores.ledger();
  const published = await ledger.read({ action: publishedAction, limit: mostVersions, backwards: true });
  const told = await ledger.read({ subject: component, limit, backwards: true });
  const changes = await changesIn(
    ledger,
    published.toReversed().map(({ details }) => details as unknown as Publication),
    component,
  );
  const moments = [
    ...told.map(ofEvent),
    ...published.flatMap((event): LineageMoment[] => {
      const { version } = event.details as unknown as Publication;
      const changed = changes.get(version) ?? [];
      return changed.length === 0 ? [] : [{ ...ofEvent(event), kind: 'version', version, changed }];
    }),
  ];
  return { component, moments: moments.sort(newestFirst).slice(0, limit), versions: published.length };
}

function ofEvent({ at, id, action, actor, outcome, reconstructed, details }: LedgerEvent): LineageMoment {
  const { run, deployment, commit } = details;
  const isRun = action.startsWith('run.') || action === runActions.published;
  return {
    at,
    kind: isRun ? 'run' : 'event',
    event: id,
    action,
    actor,
    outcome,
    ...(reconstructed === true ? { reconstructed } : {}),
    ...(typeof run === 'string' && run !== '' ? { run } : {}),
    ...(typeof deployment === 'string' && deployment !== '' ? { deployment } : {}),
    ...(typeof commit === 'string' ? { commit } : {}),
  };
}

/** By when it happened; what happened at one time, by its place in the ledger. */
function newestFirst(a: LineageMoment, b: LineageMoment): number {
  return Date.parse(b.at) - Date.parse(a.at) || Number(b.event.slice(1)) - Number(a.event.slice(1));
}

export const lineageVerb = defineVerb({
  about: 'What happened to a component: versions in which it differs, its runs, and what else is told of it.',
  query: object(
    'Of which.',
    { id: text('A component.'), limit: count('At most so many moments; default 50.', 1, 500) },
    'id',
  ),
  writes: 'nothing',
  run: (context, { id, limit = 50 }) => lineage(context, { id, limit }),
});
