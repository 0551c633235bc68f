import { isList, isObject, type Value } from '../../../hcl/value.ts';
import { isKnown } from '../../partly-known.ts';
import type { DataQuery } from '../../terraform/instance.ts';
import type { Resource } from '../../terraform/module.ts';
import { textOf } from './provider-place.ts';

/** What something in a cloud is found by, or can be: `acme-deploy`, `tag:name=acme-main`. */
export interface Identity {
  /** The attribute that says it. */
  readonly argument: string;
  readonly text: string;
}

export interface LookedUp {
  /** What it is, whatever its data source and its resource are called. */
  readonly kind: string;
  /** Of a data block the first tells most; a resource is found by each. */
  readonly identities: readonly Identity[];
  /** What else is said of it: where both sides say it, it must agree. */
  readonly also: Readonly<Record<string, string>>;
}

/** Arguments that name a thing among its kind. */
const naming =
  /^(name|identifier|bucket|domain|domain_name|alias|arn|account_id|display_name|user_principal_name|repository_id|dataset_id|cluster_id|secret|secret_id|key_id|cidr_block|fqdn|.+_name|.+_identifier|replication_group_id)$/;
/** Arguments that say in what it lies. */
const within =
  /^(resource_group_name|project|project_id|virtual_network_name|storage_account_name|vnet_name|account_name|server_name|namespace_name|cluster_name|vpc_id|private_zone|location|key_ring|instance|catalog_id)$/;
/** Things that lie in another which has a name: there that one's name is no name of theirs. */
const inAnother: Readonly<Record<string, RegExp>> = {
  cluster_name: /_cluster$/,
  resource_group_name: /_resource_group$/,
  storage_account_name: /_storage_account$/,
  server_name: /_server$/,
};

/** Filters of AWS that ask for a name. */
const nameFilter = /^(name|group-name|cidr|cidr-block|.+-name)$/;

/** Types of one thing that differ in more than a plural. */
const sameThing: Readonly<Record<string, string>> = {
  aws_alb: 'aws_lb',
  aws_alb_target_group: 'aws_lb_target_group',
  aws_subnet_ids: 'aws_subnet',
  aws_default_vpc: 'aws_vpc',
  aws_kms_key: 'aws_kms_alias',
  aws_secretsmanager_secret_version: 'aws_secretsmanager_secret',
  google_secret_manager_secret_version: 'google_secret_manager_secret',
  google_secret_manager_secret_version_access: 'google_secret_manager_secret',
  azurerm_linux_virtual_machine: 'azurerm_virtual_machine',
  azurerm_windows_virtual_machine: 'azurerm_virtual_machine',
};

/** Data that is worked out or belongs to the cloud's owner: nobody makes it. */
const nobodys =
  /_(policy_document|caller_identity|client_config|region|regions|availability_zones|partition|elb_service_account|ip_ranges|canonical_user_id|billing_service_account|prefix_list|service_principal|default_tags|client_openid_userinfo|locations|zones)$|^(aws_arn|aws_service|aws_ssm_parameters?(_by_path)?|terraform_remote_state|tfe_outputs|external|http|local_file|local_sensitive_file|template_file|archive_file|null_data_source)$/;

/** Things that people look up: of others the name is not read, there are too many. */
const worthLooking =
  /_(vpc|subnet|subnetwork|security_group|route_table|internet_gateway|nat_gateway|eip|vpn_gateway|transit_gateway|customer_gateway|vpc_endpoint|network_acl|prefix_list|route53_zone|dns_zone|dns_managed_zone|zone|certificate|role|policy|group|user|instance_profile|alias|key|key_ring|crypto_key|cluster|broker|bucket|object|repository|registry|topic|queue|stream|lb|alb|elb|listener|target_group|instance|virtual_machine|launch_template|autoscaling_group|ami|image|snapshot|table|db_instance|db_subnet_group|parameter_group|replication_group|function|lambda_function|rest_api|api|event_bus|log_group|user_pool|state_machine|secret|secret_version|web_acl|distribution|stack|service|task_definition|file_system|resource_group|virtual_network|vnet|key_vault|vault|storage_account|storage_container|identity|workspace|insights|namespace|server|database|account|plan|app|site|firewall|gateway|public_ip|application_security_group|network|router|global_address|address|project|folder|organization|dataset|monitor_action_group|action_group|component|domain|team|organizational_unit|function_app|eventhub|servicebus_namespace)s?$/;

/** Whether its resource or data block takes part; told from its type alone. */
export function mayBeLookedUp({ mode, type }: Pick<Resource, 'mode' | 'type'>): boolean {
  if (mode === 'data') return !nobodys.test(type);
  return mode === 'managed' && worthLooking.test(type);
}

/** Whether a data block asks by a name, a tag or a filter at all. */
export function asksByName({ mode, type, body }: Pick<Resource, 'mode' | 'type' | 'body'>): boolean {
  if (mode !== 'data' || nobodys.test(type)) return false;
  return (
    body.blocks.some((block) => block.type === 'filter') ||
    [...body.attributes.keys()].some((name) => name === 'tags' || naming.test(name))
  );
}

function kindOf(type: string): string {
  const known = Object.hasOwn(sameThing, type) ? sameThing[type] : undefined;
  return (known ?? type).replace(/ies$/, 'y').replace(/([^s])s$/, '$1');
}

/** What a block asks for or makes. */
export function lookedUpBy(query: DataQuery): LookedUp {
  const { resource } = query;
  const { type, mode, body } = resource;
  const names: Identity[] = [];
  const tags: Identity[] = [];
  const also: Record<string, string> = {};
  for (const argument of body.attributes.keys()) {
    const lies = within.test(argument) && inAnother[argument]?.test(type) !== true;
    if (!lies && !naming.test(argument)) continue;
    const text = textOf(query.argument(argument));
    if (text === undefined) continue;
    if (lies) also[argument] = text;
    else names.push({ argument, text: plain(text) });
  }
  for (const [name, text] of tagsIn(query.argument('tags') ?? null))
    tags.push({ argument: 'tags', text: tagged(name, text) });
  if (mode === 'data')
    for (const { name, values } of filtersOf(query)) {
      const [only, ...others] = values;
      if (only === undefined || others.length > 0) continue;
      const tag = /^tag:(.+)$/.exec(name)?.[1];
      if (tag !== undefined) tags.push({ argument: 'filter', text: tagged(tag, open(only)) });
      else if (nameFilter.test(name)) names.push({ argument: 'filter', text: open(plain(only)) });
    }
  tags.sort((a, b) => Number(b.text.startsWith('tag:name=')) - Number(a.text.startsWith('tag:name=')));
  return { kind: kindOf(type), identities: [...names, ...tags].filter(({ text }) => tells(text)), also };
}

function tagsIn(tags: Value): (readonly [string, string])[] {
  if (!isObject(tags)) return [];
  return Object.keys(tags).flatMap((name) => {
    const text = textOf(tags[name]);
    return text === undefined ? [] : [[name, text] as const];
  });
}

function tagged(name: string, text: string): string {
  return `tag:${name}=${text}`.toLowerCase();
}

/** Names of clouds have no case, DNS names may end in a dot, and an ARN ends in the name. */
function plain(text: string): string {
  const last = /^arn:[^:]*:[^:]*:[^:]*:[^:]*:(?:.*[/:])?([^/:]+)$/.exec(text)?.[1];
  return (last ?? text)
    .replace(/^alias\//, '')
    .replace(/\.$/, '')
    .toLowerCase();
}

/** A star in a filter stands for anything. */
function open(text: string): string {
  return text.replace(/[*?]+/g, '${?}');
}

/** Enough of it is known to tell it from others. */
function tells(text: string): boolean {
  return isKnown(text)
    ? text !== ''
    : text
        .replace(/^tag:[^=]*=/, '')
        .replace(/\$\{(?:[^{}]|\{[^{}]*\})*\}/g, '')
        .replace(/[^a-z0-9]/gi, '').length >= 3;
}

function filtersOf(query: DataQuery): { readonly name: string; readonly values: readonly string[] }[] {
  const { resource, module, scope } = query;
  return resource.body.blocks
    .filter((block) => block.type === 'filter')
    .flatMap(({ body }) => {
      const [name, values] = ['name', 'values'].map((one) => {
        const set = body.attributes.get(one);
        return set === undefined ? null : module.attempt(set.value, scope);
      });
      if (typeof name !== 'string' || values === undefined || !isList(values)) return [];
      return [{ name, values: values.map((value) => textOf(value) ?? '${?}') }];
    });
}

/** Exports that the template of a stack names: `Export: { Name: … }`, in YAML or JSON. */
export function exportsIn(template: Value, stack: string): readonly string[] {
  const text = textOf(template) ?? '';
  const names = text.matchAll(
    /["']?Export["']?\s*:\s*\{?\s*["']?Name["']?\s*:\s*(?:!Sub\s+|\{\s*["']?Fn::Sub["']?\s*:\s*)?["']?([^"'\s},]+)/g,
  );
  return [...names].map(([, name = '']) => name.replaceAll('${AWS::StackName}', stack));
}
