import type { EngineContext } from '../engine/context.ts';
import { isKarmaError, KarmaError } from '../model/errors.ts';
import type { Environment } from '../model/file-view.ts';
import { clientFor } from '../stores/aws/account.ts';
import type { EstateKey } from '../stores/estate-key.ts';
import { checkEnvironment, environmentIn } from '../stores/parameters/environment.ts';
import type { Parameter, ParameterStore, ParameterVersion, ParameterWrite } from '../stores/parameters/port.ts';
import type { ObservedWhen, ReadingTrouble, SeenParameters } from '../stores/parameters/seen.ts';
import type { SsmParametersOptions } from '../stores/parameters/ssm/parameter-store.ts';
import { toImport } from '../stores/parameters/version-import.ts';
import type { Account, Accounts } from './accounts.ts';
import { type CachedScans, cachedScans } from './cached-scans.ts';

export interface SsmContext {
  readonly accounts: Accounts;
  readonly cache: EngineContext['cache'];
  readonly now: () => string;
  readonly env: Environment;
  readonly key: () => EstateKey;
  /** Keeps what AWS forgets: it holds a hundred versions of a parameter. */
  mirror(binding: string): Promise<ParameterStore>;
}

/** A binding's Parameter Store on AWS, guarded against being another account than the one meant. */
export interface SsmBinding {
  readonly store: ParameterStore;
  observe(when: ObservedWhen): Promise<SeenParameters>;
}

export async function openSsmBinding(binding: string, context: SsmContext): Promise<SsmBinding> {
  const account = context.accounts.of(binding);
  const scans = cachedScans(account, context);
  const { openSsmParameters } = await import('../stores/parameters/ssm/parameter-store.ts');
  const remote = await openSsmParameters({
    ...(await ssmOptions(account, context.key)),
    known: scans.last()?.parameters ?? [],
    roots: account.roots,
  });
  return {
    store: guarded(remote, account, context, scans),
    observe: async (when) => {
      const seen = when === 'lately' ? scans.standing() : undefined;
      if (seen !== undefined) return { parameters: seen.parameters, seenAt: seen.at };
      try {
        const at = context.now();
        const parameters = await remote.list({ path: '/' });
        const trouble = notMeant(account, context.accounts, parameters);
        if (trouble !== undefined) return unread(trouble);
        scans.keep({ at, parameters });
        return { parameters };
      } catch (error) {
        if (!isKarmaError(error) || !['KARMA_UPSTREAM', 'KARMA_ACCESS', 'KARMA_NOT_CONFIGURED'].includes(error.code))
          throw error;
        return unread({ reason: error.message, ...(error.hint === undefined ? {} : { hint: error.hint }) });
      }
    },
  };

  function unread(why: Omit<ReadingTrouble, 'seenAt'>): SeenParameters {
    const last = scans.last();
    return { parameters: last?.parameters ?? [], trouble: { ...why, seenAt: last?.at } };
  }
}

/** What the adapter is told of an account. */
export async function ssmOptions({ binding, place }: Account, key: () => EstateKey): Promise<SsmParametersOptions> {
  const { decrypt, quota, quotaShare, maxAge, ...where } = place;
  return {
    binding,
    client: await clientFor(where),
    key,
    quota: {
      ...(quota === undefined ? {} : { perSecond: quota }),
      ...(quotaShare === undefined ? {} : { share: quotaShare }),
    },
    ...(decrypt === undefined ? {} : { decrypt }),
  };
}

/** Why what was read cannot be the account that the binding means; undefined when nothing speaks against it. */
function notMeant(
  account: Account,
  accounts: Accounts,
  parameters: readonly Parameter[],
): Omit<ReadingTrouble, 'seenAt'> | undefined {
  const { binding, prefix, environment } = account;
  const name = `${prefix}/environment`;
  const value = parameters.find((one) => one.name === name)?.value;
  const said = value === undefined ? undefined : environmentIn(value);
  const hint = `say which account it is: \`stores: { parameters: { ssm: { bindings: { ${binding}: { profile: … } } } } }\``;
  if (said !== undefined && environment !== undefined && said !== environment)
    return { reason: `the account says in ${name} that it is ${said}, not ${environment}`, hint };
  const rivals = accounts.rivals(account).filter((one) => said === undefined || one.environment === environment);
  if (rivals.length === 0) return undefined;
  const names = rivals.map((one) => one.binding).join(' and ');
  return { reason: `${binding} and ${names} are reached the same way, and the account does not say which it is`, hint };
}

function guarded(remote: ParameterStore, account: Account, context: SsmContext, scans: CachedScans): ParameterStore {
  const { binding, prefix, environment } = account;
  let meant: Promise<void> | undefined;
  return {
    binding,
    list: (query) => remote.list(query),
    get: (name) => remote.get(name),
    put: async (write) => {
      meant ??= refuseOthers(remote, account, context.accounts);
      await meant;
      refuseRenaming(write, `${prefix}/environment`, environment);
      scans.outdate();
      return remote.put(write);
    },
    history: async (name) => {
      const versions = await remote.history(name);
      if (versions.length === 0) return versions;
      return withForgotten(name, versions, await context.mirror(binding));
    },
    close: () => remote.close(),
  };
}

/** @throws KARMA_REFUSED before anything is written to an account that is not the one meant */
async function refuseOthers(remote: ParameterStore, account: Account, accounts: Accounts): Promise<void> {
  const { binding, prefix, environment } = account;
  const said = environment !== undefined && (await checkEnvironment(remote, prefix, environment));
  const rivals = accounts.rivals(account).filter((one) => !said || one.environment === environment);
  if (rivals.length === 0) return;
  const names = rivals.map((one) => one.binding).join(' and ');
  throw new KarmaError('KARMA_REFUSED', `${binding} and ${names} are reached the same way: which account is meant?`, {
    hint: `give each its profile, role or region: \`stores: { parameters: { ssm: { bindings: { ${binding}: … } } } }\``,
    details: { binding },
  });
}

function refuseRenaming({ name, value }: ParameterWrite, marker: string, environment: string | undefined): void {
  if (name !== marker || environment === undefined || environmentIn(value) === environment) return;
  throw new KarmaError('KARMA_REFUSED', `${marker} would say that this account is another environment`, {
    hint: `the binding means ${environment}`,
    details: { name },
  });
}

/** Copies the history out, and answers it with what AWS forgot since an earlier copy. A copy that fails loses no answer. */
async function withForgotten(
  name: string,
  versions: readonly ParameterVersion[],
  mirror: ParameterStore,
): Promise<readonly ParameterVersion[]> {
  const oldest = versions[0]?.version ?? 0;
  try {
    await mirror.importVersions?.(versions.map(toImport));
    const kept = await mirror.history(name);
    return [...kept.filter(({ version }) => version < oldest), ...versions];
  } catch (error) {
    if (isKarmaError(error)) return versions;
    throw error;
  }
}
