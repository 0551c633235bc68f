import type { Claim, Need, Provide } from '../../model/claim.ts';
import type { Evidence } from '../../model/evidence.ts';
import { shownFinding } from '../../model/secrets/finding.ts';
import { isSecretKey } from '../../model/secrets/names.ts';
import { hideInText, hideInTexts } from '../../model/secrets/text.ts';

/**
 * A claim whose texts are fit to be kept and shown: expressions, messages, addresses and attributes as they are written may
 * hold a secret. Here every claim passes, so rows, views, caches and answers never get to know one. What was evaluated has
 * its secrets keyed already, by those who know which values are; read-sets and runs hold digests and names of files. The same
 * claim where nothing had to be hidden: there are ten thousand, and mostly nothing has.
 */
export function shownClaim(claim: Claim): Claim {
  const { externals } = claim;
  const shown = {
    component: shownComponent(claim.component),
    types: each(claim.types, shownType),
    provides: each(claim.provides, shownProvide),
    needs: each(claim.needs, shownNeed),
    blindSpots: each(claim.blindSpots, (one) => withEvidence(one)),
    findings: each(claim.findings, shownFinding),
    ...(externals === undefined ? {} : { externals: hideInTexts(externals) }),
  };
  const isSame = (Object.keys(shown) as (keyof typeof shown)[]).every((name) => shown[name] === claim[name]);
  return isSame ? claim : { ...claim, ...shown };
}

/** The same list where each is shown as it is. */
function each<T>(all: readonly T[], shown: (one: T) => T): readonly T[] {
  for (let at = 0; at < all.length; at++) {
    const one = all[at] as T;
    if (shown(one) !== one) return all.map(shown);
  }
  return all;
}

function shownComponent(component: Claim['component']): Claim['component'] {
  const attributes = hideInTexts(component.attributes);
  return attributes === component.attributes ? component : { ...component, attributes };
}

function shownProvide(provide: Provide): Provide {
  const shown = withEvidence(provide);
  if (!mayHoldAddress(provide.key) && !mayHoldAddress(provide.runtime)) return shown;
  const [key, runtime] = [hideInText(provide.key), hideInText(provide.runtime)];
  return key === provide.key && runtime === provide.runtime ? shown : { ...shown, key, runtime };
}

function shownNeed(need: Need): Need {
  const shown = withEvidence(need);
  if (!mayHoldAddress(need.key) && need.orElse === undefined) return shown;
  const key = hideInText(need.key);
  if (key === need.key && need.orElse === undefined) return shown;
  return { ...shown, key, ...(need.orElse === undefined ? {} : { orElse: need.orElse.map(hideInText) }) };
}

/** Keys are many, and mostly names of parameters and units: only an address, or what was set, can let somebody in. */
function mayHoldAddress(key: string): boolean {
  return key.includes('@') || key.includes('=');
}

function withEvidence<T extends { readonly evidence: Evidence }>(one: T): T {
  const { expression } = one.evidence;
  if (expression === undefined) return one;
  const shown = hideInText(expression);
  return shown === expression ? one : { ...one, evidence: { ...one.evidence, expression: shown } };
}

type TypeRow = Claim['types'][number];

/** All claims of one type share its row. */
const shownTypes = new WeakMap<TypeRow, TypeRow>();

function shownType(row: TypeRow): TypeRow {
  const known = shownTypes.get(row);
  if (known !== undefined) return known;
  const configKeys = row.configKeys.map((one) =>
    one.default !== undefined && isSecretKey(one.pointer) && /["']./.test(one.default)
      ? { ...one, default: '(redacted)' }
      : one,
  );
  const looked = { ...row, configKeys, sites: {} };
  const hidden = hideInTexts(looked);
  const isSame = hidden === looked && configKeys.every((one, at) => one === row.configKeys[at]);
  const shown = isSame ? row : { ...hidden, sites: row.sites };
  shownTypes.set(row, shown);
  return shown;
}
