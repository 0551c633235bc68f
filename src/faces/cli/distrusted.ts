import type { EngineContext } from '../../engine/context.ts';
import { KarmaError } from '../../model/errors.ts';
import type { Output } from './output.ts';

/** Commands that write to stores: what they write must go where the estate keeps it, or nowhere. */
const writing: ReadonlySet<string> = new Set([
  ...['build', 'deploy', 'destroy', 'plan', 'record', 'config publish', 'parameter put', 'parameter import'],
  ...['store rebuild', 'graph forget', 'graph build', 'serve', 'worker', 'repository fetch', 'hook tell'],
  ...['change propose', 'propose-change', 'change approve', 'change reject', 'change cancel', 'change plan'],
  ...['change apply', 'change resume', 'change revert'],
]);

/**
 * Says what of `karma.yaml` counts for nothing because nobody trusts it. A question is answered all the same, from what is
 * kept in the usual place.
 *
 * @throws KARMA_REFUSED for a command that would write elsewhere than the estate means
 */
export function tellDistrusted({ distrusted }: EngineContext, command: string, output: Output): void {
  const stores = distrusted.filter(({ key }) => key.startsWith('stores.'));
  if (stores.length === 0 || command === 'trust' || command === 'complete-ids') return;
  const keys = stores.map(({ key }) => key).join(', ');
  const message = `karma.yaml moves ${keys} out of the estate, and nobody on this machine trusts that`;
  const hint = '`karma trust --show` shows what it says, `karma trust` trusts it; in CI KARMA_TRUST names the digests';
  if (writing.has(command)) throw new KarmaError('KARMA_REFUSED', message, { hint, details: { keys } });
  output.talk(`${message}: answered from the usual place (${hint})`);
}
