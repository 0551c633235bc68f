import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Stores } from '../engine/context.ts';
import { canonicalJson } from '../model/digest.ts';
import { KarmaError } from '../model/errors.ts';
import type { Environment } from '../model/file-view.ts';
import { type EstateKey, estateKey, findEstateKey, openEstateKey, readEstateKey } from '../stores/estate-key.ts';

/**
 * The estate's key: `KARMA_ESTATE_KEY` where several machines share a ledger and must digest alike, else a file in the data
 * folder. Digests under different keys compare as unknown.
 */
export interface EstateSeal {
  /** The key that stays; made when there is none. */
  kept(): EstateKey;
  readonly seal: Stores['seal'];
}

export function estateSeal(folder: string, env: Environment): EstateSeal {
  const file = join(folder, 'estate.key');
  const given = givenKey(env['KARMA_ESTATE_KEY']);
  let passing: EstateKey | undefined;
  const kept = () => given ?? openEstateKey(file);
  return {
    kept,
    seal: async (purpose) => {
      const known = purpose === 'keep' ? kept() : (given ?? findEstateKey(file));
      if (known === undefined) passing ??= estateKey(randomBytes(32));
      const key = known ?? passing ?? kept();
      return (value) => key.digest(canonicalJson(value));
    },
  };
}

function givenKey(text: string | undefined): EstateKey | undefined {
  if (text === undefined || text === '') return undefined;
  const key = readEstateKey(text);
  if (key !== undefined) return key;
  throw new KarmaError('KARMA_CONFIG_INVALID', 'KARMA_ESTATE_KEY does not hold 64 hex digits', {
    hint: 'make one: openssl rand -hex 32',
    details: { variable: 'KARMA_ESTATE_KEY' },
  });
}
