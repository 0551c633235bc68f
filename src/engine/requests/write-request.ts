import { KarmaError } from '../../model/errors.ts';
import type { HeldFence } from '../../stores/ledger/port.ts';
import type { EngineContext } from '../context.ts';
import { type RunRequest, requestActions, requestKind } from './run-request.ts';

export interface KnownRequest {
  readonly request: RunRequest;
  readonly revision: number;
}

/** @throws KARMA_NOT_FOUND */
export async function readRequest(context: EngineContext, id: string): Promise<KnownRequest> {
  const stored = await (await context.stores.ledger()).getDocument(requestKind, id);
  if (stored !== undefined) return { request: stored.body as RunRequest, revision: stored.revision };
  throw new KarmaError('KARMA_NOT_FOUND', `nobody asked for a run \`${id}\``, { hint: '`/v1/requests` lists all' });
}

/**
 * The document and the event that tells of it, or neither. @param held the lease that whoever runs it holds: nothing of one that
 * another took over lands
 * @throws KARMA_CONFLICT where somebody wrote it since, KARMA_LEASE_LOST
 */
export async function writeRequest(
  context: EngineContext,
  { request, revision }: KnownRequest,
  action: keyof typeof requestActions,
  held: readonly HeldFence[] = [],
): Promise<KnownRequest> {
  const ledger = await context.stores.ledger();
  const { actor, door } = context;
  const written = await ledger.append(
    [
      {
        ...{ action: requestActions[action], actor, door, subject: request.id, at: context.now() },
        outcome: request.state === 'failed' ? 'failed' : 'ok',
        details: { request },
      },
    ],
    undefined,
    { documents: [{ kind: requestKind, id: request.id, body: request, revision }], leases: held },
  );
  if (written === false)
    throw new KarmaError('KARMA_CONFLICT', `somebody else wrote the request ${request.id} meanwhile`, {
      hint: 'look again',
    });
  return { request, revision: revision + 1 };
}
