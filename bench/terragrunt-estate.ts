import type { GeneratedEstate } from './adage-estate.ts';
import { seededRandom } from './random.ts';

export interface TerragruntShape {
  readonly seed: number;
  readonly units: number;
}

/** A unit's kind: what it depends on through its `_envcommon` file, and the outputs its inputs take from there. */
interface Kind {
  readonly name: string;
  readonly needs: readonly string[];
}

/** Ten kinds make a stack; the first ones are what the others stand on. */
const kinds: readonly Kind[] = [
  { name: 'kms', needs: [] },
  { name: 'vpc', needs: [] },
  { name: 'dns', needs: ['vpc'] },
  { name: 'bucket', needs: ['kms'] },
  { name: 'database', needs: ['vpc', 'kms'] },
  { name: 'cache', needs: ['vpc'] },
  { name: 'cluster', needs: ['vpc', 'kms'] },
  { name: 'service', needs: ['cluster', 'database', 'bucket'] },
  { name: 'worker', needs: ['cluster', 'cache'] },
  { name: 'site', needs: ['dns', 'service'] },
];
const environments = ['dev', 'prod', 'stage', 'test'] as const;
const regions = ['eu-central-1', 'eu-west-1', 'us-east-1', 'us-east-2', 'us-west-2'] as const;

/**
 * A Terragrunt estate as teams keep them: `live/<environment>/<region>/<stack>/<unit>`, a root include, `_envcommon` includes
 * that bring the dependencies, `env.hcl` and `region.hcl` on the way. Some services also depend on one of another stack.
 */
export function terragruntEstate({ seed, units }: TerragruntShape): GeneratedEstate {
  const random = seededRandom(seed);
  const files = new Map<string, string>([['root.hcl', rootText]]);
  for (const kind of kinds) {
    files.set(`_envcommon/${kind.name}.hcl`, commonText(kind));
    files.set(`modules/${kind.name}/main.tf`, moduleText(kind));
  }
  let references = 0;
  for (let index = 0; index < units; index += 1) {
    const kind = kinds[index % kinds.length];
    if (kind === undefined) break;
    const stack = Math.floor(index / kinds.length);
    const folder = stackFolder(stack, files);
    // Only to an earlier stack of the same environment and region, so that no cycle can be.
    const place = environments.length * regions.length;
    const earlier = kind.name === 'service' && stack >= place && random.below(4) === 0 ? stack - place : undefined;
    files.set(
      `${folder}/${kind.name}/terragrunt.hcl`,
      unitText(kind, earlier === undefined ? undefined : stackName(earlier)),
    );
    references += kind.needs.length + (earlier === undefined ? 0 : 1);
  }
  return {
    files,
    components: units,
    references,
    root: `${stackFolder(0, files)}/vpc`,
    leaf: `${stackFolder(0, files)}/site`,
    configFile: `${stackFolder(0, files)}/site/terragrunt.hcl`,
  };
}

function stackName(stack: number): string {
  return `stack-${Math.floor(stack / (environments.length * regions.length))}`;
}

/** The folder of a stack; its environment's and region's files are made on the way. */
function stackFolder(stack: number, files: Map<string, string>): string {
  const environment = environments[stack % environments.length] ?? 'dev';
  const region = regions[Math.floor(stack / environments.length) % regions.length] ?? 'eu-west-1';
  const place = `live/${environment}/${region}`;
  files.set(
    `live/${environment}/env.hcl`,
    `locals {\n  environment = "${environment}"\n  account_id  = "${'1'.repeat(12)}"\n}\n`,
  );
  files.set(`${place}/region.hcl`, `locals {\n  region = "${region}"\n}\n`);
  return `${place}/${stackName(stack)}`;
}

const rootText = `# Included by every unit.

locals {
  env    = read_terragrunt_config(find_in_parent_folders("env.hcl"))
  region = read_terragrunt_config(find_in_parent_folders("region.hcl"))

  environment = local.env.locals.environment
  aws_region  = local.region.locals.region
}

remote_state {
  backend = "s3"

  generate = {
    path      = "backend.tf"
    if_exists = "overwrite_terragrunt"
  }

  config = {
    bucket       = "bench-\${local.env.locals.account_id}-state"
    key          = "\${path_relative_to_include()}/terraform.tfstate"
    region       = local.aws_region
    encrypt      = true
    use_lockfile = true
  }
}

generate "provider" {
  path      = "provider.tf"
  if_exists = "overwrite_terragrunt"
  contents  = <<-EOF
    provider "aws" {
      region = "\${local.aws_region}"
    }
  EOF
}

inputs = {
  environment = local.environment
  region      = local.aws_region
}
`;

function commonText({ name, needs }: Kind): string {
  const blocks = needs.map(
    (need) => `dependency "${need}" {
  config_path = "\${get_terragrunt_dir()}/../${need}"

  mock_outputs = {
    id  = "mock"
    arn = "arn:aws:mock"
  }
}
`,
  );
  const inputs = needs.map(
    (need) => `  ${need}_id  = dependency.${need}.outputs.id\n  ${need}_arn = dependency.${need}.outputs.arn`,
  );
  return `# What every ${name} has in common; evaluated in the folder of the unit that includes it.

locals {
  env = read_terragrunt_config(find_in_parent_folders("env.hcl"))
}

terraform {
  source = "\${get_repo_root()}/modules//${name}"
}

${blocks.join('\n')}
inputs = {
  name = "${name}-\${local.env.locals.environment}"
${inputs.join('\n')}
}
`;
}

function unitText({ name }: Kind, earlier: string | undefined): string {
  const more =
    earlier === undefined
      ? ''
      : `
dependency "upstream" {
  config_path = "../../${earlier}/service"
}
`;
  const input = earlier === undefined ? '' : '  upstream_url = dependency.upstream.outputs.url\n';
  return `include "root" {
  path = find_in_parent_folders("root.hcl")
}

include "common" {
  path   = "\${dirname(find_in_parent_folders("root.hcl"))}/_envcommon/${name}.hcl"
  expose = true
}
${more}
inputs = {
  instance_size = "small"
${input}}
`;
}

function moduleText({ name, needs }: Kind): string {
  const variables = ['name', 'environment', 'region', ...needs.flatMap((need) => [`${need}_id`, `${need}_arn`])];
  return `# A ${name}, as plainly as a bench needs it.

${variables.map((one) => `variable "${one}" {\n  type = string\n}\n`).join('\n')}
variable "instance_size" {
  type    = string
  default = "small"
}

variable "upstream_url" {
  type    = string
  default = ""
}

resource "terraform_data" "this" {
  input = "\${var.name}-\${var.instance_size}-\${var.upstream_url}"
}

output "id" {
  value = terraform_data.this.id
}

output "arn" {
  value = "arn:aws:bench:::${name}/\${terraform_data.this.id}"
}

output "url" {
  value = "https://${name}.\${var.environment}.example.org"
}
`;
}
