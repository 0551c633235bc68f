import { tableOf } from '../../../model/table.ts';
/** Settings of a backend, as `init` takes them on its command line and as Terragrunt writes them. */

/**
 * The text of `-backend-config=NAME=…`: text as it is, anything else as an expression of HCL, of which JSON is nearly all.
 * Undefined where nothing is set.
 */
export function backendArgument(value: unknown): string | undefined {
  if (value === null || value === undefined) return undefined;
  if (typeof value !== 'object') return String(value);
  return JSON.stringify(value).replaceAll(/[$%](?=\{)/g, (mark) => mark + mark);
}

/** A part of a value that is not known, as evaluated units write it: the name of the part, or `''` for the whole. */
export function unknownIn(value: unknown): string | undefined {
  if (value === null || typeof value !== 'object') return undefined;
  if ('$unknown' in value) return '';
  for (const [name, part] of Object.entries(value)) {
    const found = unknownIn(part);
    if (found !== undefined) return found === '' ? name : `${name}.${found}`;
  }
  return undefined;
}

/** What `remote_state` may say that is for Terragrunt itself, which makes the bucket, and that a backend does not know. */
const ofTerragrunt = tableOf<ReadonlySet<string>>({
  s3: new Set([
    'accesslogging_bucket_name',
    'accesslogging_bucket_tags',
    'accesslogging_target_object_partition_date_source',
    'accesslogging_target_prefix',
    'bucket_sse_algorithm',
    'bucket_sse_kms_key_id',
    'disable_aws_client_checksums',
    'disable_bucket_update',
    'dynamodb_table_tags',
    'enable_lock_table_ssencryption',
    's3_bucket_tags',
    'skip_accesslogging_bucket_acl',
    'skip_accesslogging_bucket_enforced_tls',
    'skip_accesslogging_bucket_public_access_blocking',
    'skip_accesslogging_bucket_ssencryption',
    'skip_bucket_accesslogging',
    'skip_bucket_enforced_tls',
    'skip_bucket_public_access_blocking',
    'skip_bucket_root_access',
    'skip_bucket_ssencryption',
    'skip_bucket_versioning',
  ]),
  gcs: new Set([
    'enable_bucket_policy_only',
    'gcs_bucket_labels',
    'location',
    'project',
    'skip_bucket_creation',
    'skip_bucket_versioning',
  ]),
  azurerm: new Set([
    'access_tier',
    'account_kind',
    'account_replication_type',
    'account_tier',
    'allow_blob_public_access',
    'enable_soft_delete',
    'location',
    'msi_resource_id',
    'skip_container_creation',
    'skip_resource_group_creation',
    'skip_storage_account_creation',
    'skip_versioning',
    'soft_delete_retention_days',
    'tags',
  ]),
});

/** What Terragrunt would hand to `init` of the `config` of a `remote_state`. */
export function handedToInit(
  backend: string,
  config: Readonly<Record<string, unknown>>,
): Readonly<Record<string, string>> {
  const handed: Record<string, string> = {};
  for (const [name, value] of Object.entries(config)) {
    const argument = backendArgument(value);
    if (argument === undefined || ofTerragrunt[backend]?.has(name) === true) continue;
    // The table's old name, which Terragrunt still takes.
    handed[backend === 's3' && name === 'lock_table' ? 'dynamodb_table' : name] = argument;
  }
  return handed;
}
