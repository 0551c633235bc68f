import { canonicalJson } from '../../../model/digest.ts';
import { type HostProcesses, isKnownDead } from '../liveness.ts';
import type { Lease, LeaseHolder, LeaseState, Leases } from '../port.ts';
import { getItem, type Item, isLost, onTable, partition, type Table } from './table.ts';

/**
 * Leases as items that are never deleted and never expire, so that the fence only grows and no clock is compared. Each take
 * carries a nonce: when the answer to a won one was lost, the repeated write finds itself.
 */
export function dynamoLeases(table: Table, here: HostProcesses, newNonce: () => string): Leases {
  const acquire: Leases['acquire'] = async (name, holder, ttlMs) => {
    const answer = await take(table, { name, holder, ttlMs, nonce: newNonce() }, 'attribute_not_exists(holder)', {});
    if ('lease' in answer) return answer.lease;
    const state = answer.held;
    if (state?.holder === undefined || !isKnownDead(state.holder, here)) return null;
    return takeOver(name, state, holder, ttlMs);
  };
  const takeOver: Leases['takeOver'] = async (name, seen, holder, ttlMs) => {
    const still = { ':fence': seen.fence, ':beats': seen.beats };
    const answer = await take(
      table,
      { name, holder, ttlMs, nonce: newNonce() },
      'fence = :fence AND beats = :beats',
      still,
    );
    if (!('lease' in answer)) return null;
    const { holder: from } = seen;
    return { ...answer.lease, ...(from === undefined ? {} : { from }) };
  };
  return {
    acquire,
    takeOver,
    heartbeat: async (lease) => {
      const condition = 'fence = :fence AND attribute_exists(holder)';
      return update(table, lease, 'ADD beats :one', condition, { ':one': 1, ':fence': lease.fence });
    },
    release: async (lease) => {
      await update(table, lease, 'REMOVE holder', 'fence = :fence', { ':fence': lease.fence });
    },
    look: async (name) => stateOf(name, await getItem(table, keyOf(table, name).pk, keyOf(table, name).sk)),
    raise: async (name, fence) => {
      const free =
        'SET fence = :fence, beats = if_not_exists(beats, :zero), ttlMs = if_not_exists(ttlMs, :zero) REMOVE holder';
      const below = 'attribute_not_exists(fence) OR fence < :fence';
      await update(table, { name, fence }, free, below, { ':fence': fence, ':zero': 0 });
    },
  };
}

interface Take {
  readonly name: string;
  readonly holder: LeaseHolder;
  readonly ttlMs: number;
  readonly nonce: string;
}

async function take(
  table: Table,
  { name, holder, ttlMs, nonce }: Take,
  condition: string,
  values: Item,
): Promise<{ readonly lease: Lease } | { readonly held: LeaseState | undefined }> {
  const command = new table.commands.UpdateCommand({
    TableName: table.name,
    Key: keyOf(table, name),
    UpdateExpression: 'SET holder = :holder, beats = :zero, ttlMs = :ttlMs, nonce = :nonce ADD fence :one',
    ConditionExpression: condition,
    ExpressionAttributeValues: {
      ':holder': canonicalJson(holder),
      ':zero': 0,
      ':ttlMs': ttlMs,
      ':nonce': nonce,
      ':one': 1,
      ...values,
    },
    ReturnValues: 'ALL_NEW',
  });
  try {
    const { Attributes } = await onTable(table, () => table.client.send(command));
    return { lease: { name, fence: Number(Attributes?.['fence']), holder } };
  } catch (error) {
    if (!isLost(error)) throw error;
    const item = await getItem(table, keyOf(table, name).pk, keyOf(table, name).sk);
    if (item?.['nonce'] === nonce) return { lease: { name, fence: Number(item['fence']), holder } };
    return { held: stateOf(name, item) };
  }
}

async function update(
  table: Table,
  lease: Pick<Lease, 'name' | 'fence'>,
  expression: string,
  condition: string,
  values: Item,
): Promise<boolean> {
  const command = new table.commands.UpdateCommand({
    TableName: table.name,
    Key: keyOf(table, lease.name),
    UpdateExpression: expression,
    ConditionExpression: condition,
    ExpressionAttributeValues: { ...values },
  });
  try {
    await onTable(table, () => table.client.send(command));
    return true;
  } catch (error) {
    if (isLost(error)) return false;
    throw error;
  }
}

/** Holds only while a lease is still with whoever took it at a fence. */
export function leaseCheck(table: Table, { name, fence }: Pick<Lease, 'name' | 'fence'>) {
  return {
    TableName: table.name,
    Key: keyOf(table, name),
    ConditionExpression: 'fence = :fence AND attribute_exists(holder)',
    ExpressionAttributeValues: { ':fence': fence },
  };
}

function keyOf(table: Table, name: string): { readonly pk: string; readonly sk: string } {
  return { pk: partition(table, 'lease', name), sk: 'lease' };
}

function stateOf(name: string, item: Item | undefined): LeaseState | undefined {
  if (item === undefined) return undefined;
  const { fence, beats, ttlMs, holder } = item;
  return {
    name,
    fence: Number(fence),
    beats: Number(beats),
    ttlMs: Number(ttlMs),
    holder: typeof holder === 'string' ? (JSON.parse(holder) as LeaseHolder) : undefined,
  };
}
