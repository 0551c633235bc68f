import { documentReader, readEffectiveConfig } from '../../config/effective-config.ts';
import { parseObject } from '../../consequence/reconstruct/read.ts';
import { digestOf } from '../../model/digest.ts';
import type { Digest, Seal } from '../../model/record.ts';
import { digestWithSecrets, withoutSecrets } from '../../model/secrets/beside.ts';
import { keySecrets } from '../../model/secrets/values.ts';
import type { LoadedView } from '../view/view.ts';
import type { Accounts } from './accounts.ts';
import { type KnownComponent, ownRuntime } from './known-components.ts';
import { filesBesideUnit } from './unit-files.ts';

/** The digest of a config, published or not; keyed where it holds secrets, so that nobody can guess one from it. */
export function configDigest(value: unknown, seal: Seal): Digest {
  const { digest, secrets } = withoutSecrets((replace) => keySecrets(value, [], replace), seal);
  return digestWithSecrets(digest, secrets);
}

/** A component's config where it is meant and where it is published. */
export interface ConfigDigests {
  /** In Git, effective; `null`: there is none. Undefined: it could not be read. */
  readonly committed: Digest | null | undefined;
  readonly published: Digest | null | undefined | 'not-applicable';
  /** What a run reads: the published one where the module reads Parameter Store, else Git's. */
  readonly effective: Digest | undefined;
}

export function configDigestsOf(
  view: LoadedView,
  component: KnownComponent,
  deployment: string,
  accounts: Accounts | undefined,
  seal: Seal,
): ConfigDigests {
  const { row } = component;
  if (row.layout !== 'adage') {
    const committed = row.configDigest === '' ? undefined : ownConfig(view, component, deployment);
    return { committed, published: 'not-applicable', effective: committed };
  }
  const committed = committedConfig(view, component, seal);
  const readsStore = view.graph.types().get(row.module)?.parametersRead.some(isConfigName) === true;
  const stored = accounts?.parameter(row, deployment, configParameter(view, component));
  const published =
    stored?.value === undefined
      ? stored === null
        ? null
        : undefined
      : configDigest(parseObject(stored.value) ?? stored.value, seal);
  if (!readsStore && (published === null || published === undefined))
    return { committed, published: 'not-applicable', effective: committed ?? undefined };
  return { committed, published, effective: (readsStore ? published : committed) ?? undefined };
}

/** Of a root module that has several deployments only what this one is given: another one's file of variables is none of its. */
function ownConfig(view: LoadedView, component: KnownComponent, deployment: string): Digest {
  const own = view.graph.deployments(component.row.id).find((one) => one.deployment === deployment);
  return own?.config === undefined
    ? withFilesBeside(view, component)
    : digestWithSecrets(own.config, own.configSecrets);
}

/** What lies beside a unit goes into its run with it. */
function withFilesBeside({ estate }: LoadedView, { row }: KnownComponent): Digest {
  const beside = row.layout === 'terragrunt' && estate !== undefined ? filesBesideUnit(estate.view.main, row.path) : [];
  const digest = beside.length === 0 ? row.configDigest : digestOf({ config: row.configDigest, beside });
  return digestWithSecrets(digest, row.secrets);
}

/** A module may read other parameters and still be handed its config. */
function isConfigName(template: string): boolean {
  return template.endsWith('/config');
}

/** The name of the parameter that a component's config is published under. */
export function configParameter(view: LoadedView, component: KnownComponent): string {
  const own = ownRuntime(component);
  if (own !== undefined) return own.replace(/\/runtime$/, '/config');
  const { row } = component;
  const prefix = view.estate?.view.settings.prefix ?? view.estate?.view.environment['IAC_PREFIX'] ?? '/iac';
  return `${prefix}/${row.type}/${row.nickname}/config`;
}

function committedConfig(view: LoadedView, { row }: KnownComponent, seal: Seal): Digest | null | undefined {
  if (view.estate === undefined) return undefined;
  if (row.attributes['source'] === 'published') return null;
  const colon = row.path.indexOf(':');
  const repo = view.estate.view.repos.get(colon < 0 ? '' : row.path.slice(0, colon));
  if (repo === undefined) return undefined;
  const config = readEffectiveConfig(row.id, documentReader(repo));
  return config.layers.length === 0 ? null : configDigest(config.value, seal);
}
