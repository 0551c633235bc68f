/**
 * What modules read out of systems that Karma does not follow, by the type of the block, and how people call those systems.
 * One list for the modules of all layouts: what stays unseen does not depend on who runs a module.
 */
const systems: readonly (readonly [form: RegExp, system: string])[] = [
  [/^vault_/, 'Vault'],
  [/^consul_/, 'Consul'],
  [/^(nomad|etcd|zookeeper)_/, 'a store of keys and values'],
  [/^aws_cloudformation_(stack|export)$/, 'an output of CloudFormation'],
  [/^aws_secretsmanager_(secret_versions?|random_password)$/, 'AWS Secrets Manager'],
  [/^aws_(s3_object|s3_bucket_object|s3_objects|s3_bucket_objects)$/, 'an object in S3'],
  [/^aws_dynamodb_table_item$/, 'an item of a DynamoDB table'],
  [/^aws_appconfig_/, 'AWS AppConfig'],
  [/^google_secret_manager_secret_version/, 'Google Secret Manager'],
  [/^google_(parameter_manager_|runtimeconfig_)/, 'Google Parameter Manager'],
  [/^google_storage_bucket_object/, 'an object in Google Cloud Storage'],
  [/^azurerm_key_vault_(secrets?|keys?|certificates?|certificate_data)$/, 'Azure Key Vault'],
  [/^azurerm_(app_configuration_keys?|storage_blob|storage_table_entit(y|ies))$/, 'an Azure store'],
  [/^(onepassword|bitwarden|doppler|infisical|keeper|akeyless|conjur)_/, 'a password store'],
  [/^kubernetes_(secret|config_map)(_v1)?$/, 'a Kubernetes cluster'],
  [/^(pulumi|spacelift|env0|scalr|humanitec)_/, 'another product that runs Terraform'],
];

/** Of a data or ephemeral block: the system that it reads; undefined where it is none of those. */
export function foreignSystem(type: string): string | undefined {
  return systems.find(([form]) => form.test(type))?.[1];
}
