import type { Environment } from '../model/file-view.ts';

/**
 * What a program that Karma starts may see of Karma's own environment: an allow-list. Logging to files of its own, extra
 * arguments and other programs' secrets stay outside; Terraform's credentials come in by the names its providers use.
 */
export interface ChildEnvironment {
  readonly environment: Readonly<Record<string, string>>;
  /** What was left out though Terraform would have read it, with the reason, for `doctor` and the log. */
  readonly leftOut: readonly { readonly name: string; readonly reason: string }[];
}

const names: ReadonlySet<string> = new Set([
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'SHELL',
  'TMPDIR',
  'TEMP',
  'TMP',
  'LANG',
  'TZ',
  'TERM',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'http_proxy',
  'https_proxy',
  'no_proxy',
  'SSH_AUTH_SOCK',
  'KUBECONFIG',
  'SystemRoot',
  'APPDATA',
  'LOCALAPPDATA',
  'USERPROFILE',
]);

const prefixes: readonly string[] = [
  'LC_',
  'XDG_',
  'AWS_',
  'ARM_',
  'AZURE_',
  'GOOGLE_',
  'GCLOUD_',
  'CLOUDSDK_',
  'KUBE_',
  'VAULT_',
  'CONSUL_',
  'NOMAD_',
  'GITHUB_',
  'GITLAB_',
  'CLOUDFLARE_',
  'DD_',
  'DATADOG_',
  'PAGERDUTY_',
  'OKTA_',
  'SNOWFLAKE_',
  'GRAFANA_',
  'MONGODB_ATLAS_',
  'DIGITALOCEAN_',
  'HCLOUD_',
  'OCI_',
  'ALICLOUD_',
  'IBMCLOUD_',
  'GIT_',
  'IAC_',
  'TF_',
  'TG_',
  'TERRAGRUNT_',
  'TOFU_',
];

/** Names that start like allowed ones and are still left out: each would change what the run does, or where it writes. */
const refused: readonly (readonly [RegExp, string])[] = [
  [/^TF_LOG/, 'a trace shows every value'],
  [/^TF_CLI_ARGS/, 'extra arguments would change what was planned'],
  [/^TF_(INPUT|IN_AUTOMATION|DATA_DIR|WORKSPACE)$/, 'the run sets it itself'],
  [/^TF_TOKEN_CHECKPOINT/, 'nothing phones home'],
  [/^(TG|TERRAGRUNT)_(LOG|DEBUG|ARGS)/, 'a trace shows every value'],
  [/^GIT_(DIR|WORK_TREE|INDEX_FILE|TRACE.*)$/, 'modules are fetched into folders of their own'],
];

export interface EnvironmentOptions {
  /** Further names that `karma.yaml` allows. */
  readonly also?: readonly string[];
  /** Whether `TF_VAR_…` goes in: where the estate's users hand variables over that way. */
  readonly variables: boolean;
  /** Says whether a file can be read: for `TF_CLI_CONFIG_FILE`. */
  readonly isReadable: (path: string) => boolean;
}

export function childEnvironment(from: Environment, options: EnvironmentOptions): ChildEnvironment {
  const environment: Record<string, string> = {};
  const leftOut: { name: string; reason: string }[] = [];
  for (const name of Object.keys(from).sort()) {
    const value = from[name];
    if (value === undefined || !isAllowed(name, options)) continue;
    const reason = reasonAgainst(name, value, options);
    if (reason === undefined) environment[name] = value;
    else leftOut.push({ name, reason });
  }
  return { environment: { ...environment, ...always }, leftOut };
}

/** Set for every run: it asks nothing, phones nobody, and words its messages for machines. */
const always = { CHECKPOINT_DISABLE: '1', TF_IN_AUTOMATION: '1', TF_INPUT: '0' } as const;

function isAllowed(name: string, options: EnvironmentOptions): boolean {
  return names.has(name) || options.also?.includes(name) === true || prefixes.some((prefix) => name.startsWith(prefix));
}

function reasonAgainst(name: string, value: string, options: EnvironmentOptions): string | undefined {
  if (options.also?.includes(name)) return undefined;
  if (name.startsWith('TF_VAR_') && !options.variables) return 'the module gets exactly the variables it declares';
  // A missing file makes Terraform warn on every call, and OpenTofu print the warning before its JSON.
  if ((name === 'TF_CLI_CONFIG_FILE' || name === 'TERRAFORM_CONFIG') && !options.isReadable(value)) {
    return `it names ${value}, which cannot be read`;
  }
  return refused.find(([pattern]) => pattern.test(name))?.[1];
}

/** Values of allowed names that are plainly secrets: hidden wherever a program prints them. */
export function secretsOfEnvironment(environment: Readonly<Record<string, string>>): string[] {
  return Object.entries(environment)
    .filter(
      ([name, value]) => /SECRET|TOKEN|PASSWORD|PASSWD|PRIVATE_KEY|API_KEY|CREDENTIAL/i.test(name) && value.length >= 8,
    )
    .map(([, value]) => value);
}
