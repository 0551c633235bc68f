import { isList, isObject, type Value } from '../../../hcl/value.ts';
import { bodyWith, type GeneratedBlocks } from './generated-blocks.ts';

/** Where the resources of a unit are, as the providers that it generates say. */
export interface ProviderPlace {
  readonly account: string | undefined;
  readonly region: string | undefined;
}

/** Of the providers without an alias, which a module uses unless it says otherwise, the first that shows it counts. */
export function providerPlace(files: readonly GeneratedBlocks[], inputs: () => Value): ProviderPlace {
  let [account, region]: (string | undefined)[] = [];
  for (const { blocks } of files)
    for (const { type, body } of blocks) {
      if (type !== 'provider' || body.attributes.has('alias')) continue;
      const provider = bodyWith(body, inputs);
      account ??= accountOf(provider);
      region ??= textOf(provider.region);
    }
  return { account, region };
}

function accountOf(provider: Readonly<Record<string, Value>>): string | undefined {
  const allowed = provider.allowed_account_ids;
  const only = allowed !== undefined && isList(allowed) && allowed.length === 1 ? textOf(allowed[0]) : undefined;
  const role = provider.assume_role;
  const arn = role !== undefined && isObject(role) ? textOf(role.role_arn) : undefined;
  const assumed = arn === undefined ? undefined : /^arn:[\w-]+:iam::(\d{12}):/.exec(arn)?.[1];
  return only ?? assumed ?? textOf(provider.project) ?? textOf(provider.subscription_id);
}

function textOf(value: Value | undefined): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}
