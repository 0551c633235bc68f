import { KarmaError } from '../../model/errors.ts';
import type { ParameterStore } from './port.ts';

/** What an account says it is under `<prefix>/environment`: a word, in quotes or not, or an object that holds one. */
export function environmentIn(value: string): string {
  const text = value.trim();
  try {
    const read: unknown = JSON.parse(text);
    if (typeof read === 'string') return read;
    if (read !== null && typeof read === 'object' && 'environment' in read && typeof read.environment === 'string')
      return read.environment;
  } catch {
    // A bare word.
  }
  return text;
}

/**
 * Whether a Parameter Store is the one that the binding means: the account itself says which environment it is, under
 * `<prefix>/environment`. Asked before anything is written.
 * @throws KARMA_REFUSED when it says another one
 * @returns false when it says nothing
 */
export async function checkEnvironment(store: ParameterStore, prefix: string, environment: string): Promise<boolean> {
  const name = `${prefix}/environment`;
  const said = await store.get(name);
  if (said?.value === undefined) return false;
  const found = environmentIn(said.value);
  if (found === environment) return true;
  throw new KarmaError(
    'KARMA_REFUSED',
    `the account of binding ${store.binding} says in ${name} that it is ${found}, not ${environment}`,
    { hint: 'check profile, role and region of the binding', details: { binding: store.binding, name } },
  );
}
