import { loadGrammar } from '../hcl/parse.ts';
import { sensitiveKeys } from '../infer/layouts/adage/sensitive-keys.ts';
import { canonicalJson } from '../model/digest.ts';
import type { EstateView } from '../model/estate.ts';
import { isSecretKey } from '../model/secrets/names.ts';
import { redact } from '../model/secrets/values.ts';
import type { Parameter } from '../stores/parameters/port.ts';
import type { EngineContext } from './context.ts';
import { loadView } from './view/load-view.ts';

/** A parameter fit to be shown. */
export type ShownParameter<P extends Parameter = Parameter> = P & {
  /** Something of its value is left out, and its digest is one under the estate's key. */
  readonly hidden?: true;
};

/**
 * Parameters as they may be shown: hidden is what `config show` hides, by name, by form and by what a type declares to be
 * sensitive. The digest of such a value is keyed, because a short one could be guessed from a plain digest.
 */
export async function hideParameters<P extends Parameter>(
  context: EngineContext,
  parameters: readonly P[],
  reveal: boolean,
): Promise<readonly ShownParameter<P>[]> {
  if (reveal || parameters.every(({ value }) => value === undefined)) return parameters;
  const estate = await estateIfAny(context, parameters);
  const seal = await context.stores.seal('ask');
  return parameters.map((parameter) => {
    if (parameter.value === undefined) return parameter;
    const value = shownValue(parameter.name, parameter.value, estate);
    if (value === parameter.value) return parameter;
    return { ...parameter, value, digest: seal(parameter.value), hidden: true as const };
  });
}

function shownValue(name: string, value: string, estate: EstateView | undefined): string {
  if (isSecretKey(name)) return '(redacted)';
  const document = parsed(value);
  if (document === undefined) return String(redact(value));
  const type = /\/([^/]+)\/[^/]+\/(?:config|runtime)(?:\/|$)/.exec(name)?.[1];
  const sensitive = estate === undefined || type === undefined ? [] : sensitiveKeys(estate, type, document);
  const shown = redact(document, sensitive);
  return canonicalJson(shown) === canonicalJson(document) ? value : JSON.stringify(shown);
}

/** Values that are documents; a number or a word is a text here. */
function parsed(value: string): unknown {
  if (!/^\s*[[{]/.test(value)) return undefined;
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}

/** What types declare stands in the estate's files. Parameters can be asked for where there is no estate. */
async function estateIfAny(context: EngineContext, parameters: readonly Parameter[]): Promise<EstateView | undefined> {
  if (!parameters.some(({ name }) => /\/(?:config|runtime)(?:\/|$)/.test(name))) return undefined;
  try {
    const { estate } = await loadView(context, undefined, { needsEstate: true });
    await loadGrammar();
    return estate?.view;
  } catch {
    return undefined;
  }
}
