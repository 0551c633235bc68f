import type { Value } from '../../../hcl/value.ts';
import { isObject, isUnknown } from '../../../hcl/value.ts';
import type { FileView } from '../../../model/file-view.ts';
import { readOwners } from '../../owners.ts';
import type { ModuleLoader } from '../../terraform/load-module.ts';
import type { Module } from '../../terraform/module.ts';
import { constantText } from '../../terraform/module-builder.ts';
import { bodyValue } from './backend-config.ts';
import type { Deployment } from './deployment.ts';

/** What is known of a root module beside its edges, for selection and columns. What differs by deployment lists all. */
export function attributesOf(
  view: FileView,
  module: Module,
  loader: ModuleLoader,
  deployments: readonly Deployment[],
): Record<string, string> {
  const attributes: Record<string, string> = {};
  const put = (name: string, values: Iterable<string | undefined>) => {
    const all = [...new Set([...values].filter((value) => value !== undefined && value !== ''))].sort();
    if (all.length > 0) attributes[name] = all.join(', ');
  };
  put('backend', [deployments[0]?.backend.type]);
  put(
    'state',
    deployments.map(({ backend }) => backend.address?.shown),
  );
  put('owner', [readOwners(view).of(module.path === '' ? 'main.tf' : `${module.path}/main.tf`)]);
  put('terraform', [module.settings.requiredVersion]);
  put(
    'region',
    deployments.map((one) => firstOf(one, 'region') ?? textOf(one.backend.config.get('region'))),
  );
  put('account', deployments.flatMap(accountsOf));
  put(
    'deployments',
    deployments.map(({ name }) => name),
  );
  for (const [provider, version] of lockedProviders(view, module, loader)) attributes[`provider.${provider}`] = version;
  return attributes;
}

function textOf(value: Value | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** An argument of the first provider block without an alias that shows it. */
function firstOf(deployment: Deployment, argument: string): string | undefined {
  for (const [name, { block }] of deployment.instance.module.providers) {
    const set = name.includes('.') ? undefined : block.body.attributes.get(argument);
    const value = set === undefined ? undefined : textOf(deployment.instance.attempt(set.value, deployment.instance));
    if (value !== undefined) return value;
  }
  return undefined;
}

/** AWS accounts, Google projects and Azure subscriptions that the default providers name. */
function accountsOf({ instance }: Deployment): readonly string[] {
  return [...instance.module.providers].flatMap(([name, { block }]) => {
    if (name.includes('.')) return [];
    const value = bodyValue(instance, block.body);
    const role = isObject(value.assume_role ?? null) ? (value.assume_role as { role_arn?: Value }).role_arn : undefined;
    const account = typeof role === 'string' ? /^arn:[\w-]+:iam::(\d{12}):/.exec(role)?.[1] : undefined;
    const allowed = value.allowed_account_ids;
    if (account !== undefined) return [account];
    if (Array.isArray(allowed)) return allowed.filter((one): one is string => typeof one === 'string');
    const named = value.project ?? value.subscription_id;
    return typeof named === 'string' && !isUnknown(named) ? [named] : [];
  });
}

/** Provider versions as the lock file pins them, by the last part of their source. */
function lockedProviders(view: FileView, module: Module, loader: ModuleLoader): readonly (readonly [string, string])[] {
  const path = module.path === '' ? '.terraform.lock.hcl' : `${module.path}/.terraform.lock.hcl`;
  const parsed = loader.parsed(view, path);
  if (parsed === 'absent' || parsed === 'too large') return [];
  return parsed.body.blocks.flatMap(({ type, labels, body }) => {
    const version = constantText(body, 'version');
    return type === 'provider' && version !== undefined
      ? [[(labels[0] ?? '').split('/').pop() ?? '', version] as const]
      : [];
  });
}
