import { any, object, text } from '../../config/shape-parts.ts';
import type { ComponentId } from '../../model/component.ts';
import { digestOf } from '../../model/digest.ts';
import { isKarmaError, KarmaError } from '../../model/errors.ts';
import { hideInText, hideInTexts } from '../../model/secrets/text.ts';
import { redact } from '../../model/secrets/values.ts';
import type { EngineContext } from '../context.ts';
import { componentAmong } from '../history/component-among.ts';
import { newestPublished } from '../versions/newest.ts';
import { loadView } from '../view/load-view.ts';
import { defineVerb } from './verb.ts';

/** What happened elsewhere, as CloudEvents say it. */
export interface ForeignEvent {
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly subject?: string;
  readonly time?: string;
  readonly data?: unknown;
}

export interface TakenEvent {
  /** Of the ledger; left out where the same event was taken before. */
  readonly event?: string;
  /** What it is about, where a component is named. */
  readonly component?: ComponentId;
  readonly duplicate: boolean;
}

export const foreignAction = 'event.received';

/** More than this is no news but a document. */
const largestData = 32 * 1024;

/**
 * Takes an event of another system into the ledger, once: by its source and id, whoever sends it again and however many services
 * it reaches. It is tied to the component that it names, so that it stands in that one's history.
 */
export async function takeEvent(context: EngineContext, given: ForeignEvent): Promise<TakenEvent> {
  const { id, source, type, subject, time } = given;
  if ([id, source, type].some((word) => word === '' || word.length > 1024))
    throw new KarmaError(
      'KARMA_INPUT_INVALID',
      'an event has an id, a source and a type, each of at most 1024 characters',
      {},
    );
  if (time !== undefined && Number.isNaN(Date.parse(time)))
    throw new KarmaError('KARMA_INPUT_INVALID', '`time` is no time', { hint: 'RFC 3339: 2026-11-24T10:00:00Z' });
  const data = given.data === undefined ? undefined : hideInTexts(redact(given.data));
  if (data !== undefined && JSON.stringify(data).length > largestData)
    throw new KarmaError('KARMA_INPUT_INVALID', `the data of an event may be ${largestData} characters long`, {
      hint: 'send a link to the rest',
    });
  const component = await componentNamedBy(context, subject, data);
  const ledger = await context.stores.ledger();
  const taken = await ledger.append(
    [
      {
        ...{ action: foreignAction, actor: context.actor, door: context.door, subject: component ?? hideInText(type) },
        outcome: 'ok',
        at: context.now(),
        details: hideInTexts({
          ...{ id, source, type },
          ...(subject === undefined ? {} : { subject }),
          ...(time === undefined ? {} : { time: new Date(time).toISOString() }),
          ...(data === undefined ? {} : { data }),
        }),
      },
    ],
    { counter: `event ${digestOf([source, id])}`, from: 0, to: 1 },
  );
  const about = component === undefined ? {} : { component };
  if (taken === false) return { ...about, duplicate: true };
  return { ...(taken[0] === undefined ? {} : { event: taken[0].id }), ...about, duplicate: false };
}

/** `subject`, or what CDEvents say it is about: the first word that names a component. */
async function componentNamedBy(
  context: EngineContext,
  subject: string | undefined,
  data: unknown,
): Promise<ComponentId | undefined> {
  const words = [
    subject,
    textAt(data, 'component'),
    textAt(data, 'subject', 'id'),
    textAt(data, 'subject', 'content', 'component'),
  ];
  for (const word of words) {
    if (word === undefined || word === '') continue;
    try {
      return await componentAmong(context, word);
    } catch (error) {
      if (!isKarmaError(error) || (error.code !== 'KARMA_NOT_FOUND' && error.code !== 'KARMA_AMBIGUOUS')) throw error;
    }
  }
  return undefined;
}

/** That of the component; an event that names none tells of the whole estate. */
async function environmentsOfEvent(
  context: EngineContext,
  { subject, data }: Pick<ForeignEvent, 'subject' | 'data'>,
): Promise<readonly string[] | undefined> {
  const id = await componentNamedBy(context, subject, data);
  if (id === undefined) return undefined;
  const newest = await newestPublished(context);
  const { graph } = await loadView(context, newest === undefined ? undefined : `v${newest.version}`);
  const node = graph.node(id);
  return node === undefined ? undefined : [graph.component(node).environment];
}

function textAt(data: unknown, ...path: readonly string[]): string | undefined {
  let at: unknown = data;
  for (const key of path) {
    if (at === null || typeof at !== 'object' || !Object.hasOwn(at, key)) return undefined;
    at = (at as Record<string, unknown>)[key];
  }
  return typeof at === 'string' ? at : undefined;
}

export const takeEventVerb = defineVerb({
  about: 'Takes what happened elsewhere into the ledger, tied to the component that it names.',
  query: object(
    'A CloudEvent.',
    {
      id: text('With its source it names the event: the same one twice is taken once.'),
      source: text('Who tells of it.'),
      type: text('What happened: `dev.cdevents.service.deployed.0.2.0`, or a word of your own.'),
      subject: text('A component.'),
      time: text('When, RFC 3339.'),
      data: any('What else there is to say; what looks secret is not kept.'),
    },
    ...(['id', 'source', 'type'] as const),
  ),
  writes: 'ledger',
  takes: 'proposer',
  concerns: environmentsOfEvent,
  run: takeEvent,
});
