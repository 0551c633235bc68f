import type { HookDelivery } from '../model/hook-delivery.ts';

const patience = 15_000;

/** Sends a message. Who takes it says so with 2xx; it is followed nowhere, since only this address is trusted. */
export const sendHook: HookDelivery['send'] = async (url, body, headers) => {
  try {
    const answer = await fetch(url, {
      ...{ method: 'POST', body, redirect: 'manual', signal: AbortSignal.timeout(patience) },
      headers: { 'content-type': 'application/json', ...headers },
    });
    await answer.body?.cancel();
    return answer.ok ? undefined : `it answered ${answer.status}`;
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : undefined;
    const isLate = error instanceof Error && error.name === 'TimeoutError';
    return isLate ? 'it did not answer in time' : `it could not be reached${code === undefined ? '' : ` (${code})`}`;
  }
};
