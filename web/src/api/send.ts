import type { Deeds } from './answers.ts';
import { ProblemError, problemIn } from './problem.ts';
import { credentials } from './token.ts';
import { addressed } from './transport.ts';

/** Asks the service to do something, once: a request whose answer got lost may be sent again under its key. */
export async function send<Path extends keyof Deeds>(
  path: Path,
  ask: Deeds[Path]['ask'],
  { signal, key }: { readonly signal?: AbortSignal; readonly key?: string } = {},
): Promise<Deeds[Path]['answer']> {
  const { id } = ask as { readonly id?: string };
  const named = path.includes('{id}');
  const { id: _, ...rest } = ask as Readonly<Record<string, unknown>>;
  const response = await fetch(named ? addressed(path, { id }).path : path, {
    method: 'POST',
    headers: {
      accept: 'application/json',
      'content-type': 'application/json',
      'karma-door': 'ui',
      ...credentials(),
      ...(key === undefined ? {} : { 'idempotency-key': JSON.stringify(key) }),
    },
    body: JSON.stringify(named ? rest : ask),
    ...(signal === undefined ? {} : { signal }),
  });
  if (!response.ok) throw new ProblemError(await problemIn(response));
  return (await response.json()) as Deeds[Path]['answer'];
}
