import type { EstateView } from '../../../model/estate.ts';
import { AdageEstate } from './estate.ts';
import { AdageTypes } from './types.ts';

/** Pointers into a config of a type whose values are secrets, by its schemas and its `component.yaml`. Needs the grammar. */
export function sensitiveKeys(view: EstateView, type: string, config: unknown): readonly string[] {
  return new AdageTypes(new AdageEstate(view)).get(type).secretsIn(config);
}
