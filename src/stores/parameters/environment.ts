import { KarmaError } from '../../model/errors.ts';
import type { ParameterStore } from './port.ts';

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
  if (said.value.trim() === environment) return true;
  throw new KarmaError(
    'KARMA_REFUSED',
    `the account of binding ${store.binding} says in ${name} that it is ${said.value.trim()}, not ${environment}`,
    { hint: 'check profile, role and region of the binding', details: { binding: store.binding, name } },
  );
}
