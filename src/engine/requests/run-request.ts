import type { Door, LedgerEvent } from '../../model/event.ts';
import type { Person } from '../../model/person.ts';
import type { Ledger } from '../../stores/ledger/port.ts';
import type { EngineContext } from '../context.ts';
import { eventsOf } from '../history/every-event.ts';

/** Something to run that somebody asked for: a document of the ledger, taken by whichever worker comes first. */
export interface RunRequest {
  readonly id: string;
  readonly action: 'deploy' | 'destroy' | 'plan';
  readonly select: readonly string[];
  readonly all: boolean;
  readonly binding?: string;
  /** A change that is applied, or gone on with: what runs follows from it. */
  readonly change?: string;
  /** Of a plan: the change. Not `change`: a worker of an older Karma would apply that. */
  readonly of?: string;
  /** Of a plan, and of a change that is begun: nothing but this. */
  readonly revision?: number;
  /** Of a change that is begun: what it does, as whoever asked saw it, if they said so. */
  readonly consequence?: string;
  /** How that is asked for. */
  readonly how?: { readonly overtake?: boolean; readonly statesCopied?: boolean };
  /** The commit that runs, as it was when it was asked for. */
  readonly commit: string;
  /** Whoever asked may do this there; what else the selection has come to mean does not run. */
  readonly environments: readonly string[];
  readonly reason?: string;
  readonly actor: string;
  /** Who that is to Git, where a token or an issuer said so. */
  readonly person?: Person;
  readonly door: Door;
  readonly askedAt: string;
  /** `stopping`: it runs, and whoever runs it starts nothing more. */
  readonly state: 'asked' | 'taken' | 'stopping' | 'finished' | 'failed' | 'cancelled';
  /** The deploys that it became: more than one where a worker took over from another. */
  readonly deploys?: readonly string[];
  /** Who runs it, or ran it. */
  readonly worker?: string;
  readonly endedAt?: string;
  /** Of one that failed. */
  readonly code?: string;
  readonly message?: string;
  readonly hint?: string;
  /** The object that holds what whoever runs it beside the estate is told. */
  readonly told?: string;
  /** By state of their runs. */
  readonly members?: Readonly<Record<string, number>>;
}

/** What a new request says of who asks, and when. */
export function askedBy({ newId, actor, door, now }: Pick<EngineContext, 'newId' | 'actor' | 'door' | 'now'>): Pick<
  RunRequest,
  'id' | 'actor' | 'door' | 'askedAt'
> & {
  readonly state: 'asked';
} {
  return { id: `q${newId().replaceAll('-', '').slice(0, 12)}`, actor, door, askedAt: now(), state: 'asked' };
}

export const requestKind = 'request';
export const requestActions = { asked: 'request.asked', taken: 'request.taken', changed: 'request.changed' } as const;

const actions: readonly string[] = ['deploy', 'destroy', 'plan'] satisfies RunRequest['action'][];
const manners: readonly string[] = ['overtake', 'statesCopied'] satisfies (keyof NonNullable<RunRequest['how']>)[];

/**
 * Whether this Karma knows what is asked for, and how. What a newer one adds to that stands in `action` or `how`: whoever passed it
 * over would run something else, so it is left to a worker that knows it.
 */
export function isKnown({ action, how = {} }: RunRequest): boolean {
  return actions.includes(action) && Object.keys(how).every((name) => manners.includes(name));
}

export function isOpen({ state }: RunRequest): boolean {
  return state === 'asked' || state === 'taken' || state === 'stopping';
}

/** The request that an event tells of, as it was from then on. */
export function requestIn({ action, details }: LedgerEvent): RunRequest | undefined {
  return action.startsWith('request.') ? (details['request'] as RunRequest) : undefined;
}

/** Requests that nobody has ended yet, followed from event to event. */
export class OpenRequests {
  readonly #open = new Map<string, RunRequest>();
  #read = 0;

  /** In the order in which they were asked for. */
  async now(ledger: Ledger): Promise<readonly RunRequest[]> {
    for await (const event of eventsOf(ledger, { action: 'request.', after: this.#read })) {
      this.#read = event.seq;
      const request = requestIn(event);
      if (request === undefined) continue;
      if (isOpen(request)) this.#open.set(request.id, request);
      else this.#open.delete(request.id);
    }
    return [...this.#open.values()];
  }
}
