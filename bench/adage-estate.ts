import type { EstateFiles } from './fast-import.ts';
import { type Random, seededRandom } from './random.ts';

export interface AdageShape {
  readonly seed: number;
  readonly components: number;
  readonly environments: number;
  readonly types: number;
  /** References a component has at most; the few types that nothing comes before have fewer. */
  readonly references: number;
}

export interface GeneratedEstate {
  readonly files: EstateFiles;
  /** What a build must find; a benchmark that finds less measures nothing. */
  readonly components: number;
  readonly references: number;
  /** Ids of components that much rests on, little rests on, and a config file to change. */
  readonly root: string;
  readonly leaf: string;
  readonly configFile: string;
  /** Commits after the first, each with the files that it changes. */
  readonly later?: readonly EstateFiles[];
}

/** The same estate with a past: each commit changes what one component says. */
export function withHistory(estate: GeneratedEstate, commits: number): GeneratedEstate {
  const configs = [...estate.files].filter(([path]) => path.endsWith('/config.json'));
  const later = Array.from({ length: commits }, (_, number): EstateFiles => {
    const [path, text] = configs[(number * 7) % configs.length] ?? ['', ''];
    return new Map([[path, text.replace('{\n', `{\n  "past": ${number},\n`)]]);
  });
  return { ...estate, later };
}

interface TypePlan {
  readonly name: string;
  /** Types whose runtime the module reads. */
  readonly reads: readonly string[];
}

const words = [
  'network',
  'zone',
  'bucket',
  'queue',
  'topic',
  'cluster',
  'database',
  'cache',
  'service',
  'site',
] as const;
const stages = ['dev', 'prod', 'stage', 'test', 'demo', 'perf', 'qa', 'edu'] as const;

/** An Adage estate: modules in the header style, configs of about 600 bytes, references that form no cycle. */
export function adageEstate(shape: AdageShape): GeneratedEstate {
  const random = seededRandom(shape.seed);
  const types = planTypes(shape, random);
  const environments = stages.slice(0, shape.environments);
  const files = new Map<string, string>([['karma.yaml', 'estate: bench\n']]);
  for (const type of types)
    for (const [name, text] of moduleFiles(type)) files.set(`components/${type.name}/${name}`, text);
  for (const environment of environments) {
    files.set(`account_environments/bench-${environment}.json`, bindingText(environment));
  }
  let references = 0;
  const perEnvironment = Math.ceil(shape.components / environments.length);
  let left = shape.components;
  for (const environment of environments) {
    const count = Math.min(perEnvironment, left);
    left -= count;
    for (let index = 0; index < count; index += 1) {
      const type = types[index % types.length];
      if (type === undefined) break;
      const nickname = `n${Math.floor(index / types.length)}`;
      const known = Math.floor(index / types.length);
      const targets = type.reads.map((read) => [read, `n${random.below(known + 1)}`] as const);
      references += targets.length;
      files.set(`iac/${environment}/${type.name}/${nickname}/config.json`, configText(targets, index));
    }
  }
  const first = environments[0];
  const last = types[types.length - 1]?.name ?? '';
  return {
    files,
    components: shape.components,
    references,
    root: `${first}/${types[0]?.name}/n0`,
    leaf: `${first}/${last}/n0`,
    configFile: `iac/${first}/${last}/n0/config.json`,
  };
}

/** A type reads only types before it, so that no cycle can be; mostly those just before, as in real estates. */
function planTypes({ types, references }: AdageShape, random: Random): TypePlan[] {
  const plans: TypePlan[] = [];
  for (let index = 0; index < types; index += 1) {
    const reads = new Set<string>();
    while (reads.size < Math.min(references, index)) reads.add(plans[random.below(index)]?.name ?? '');
    const word = words[index % words.length] ?? 'type';
    plans.push({
      name: index < words.length ? word : `${word}-${Math.floor(index / words.length)}`,
      reads: [...reads].sort(),
    });
  }
  return plans;
}

function bindingText(environment: string): string {
  const binding = { name: `bench-${environment}`, environment, config_repo: 'bench/bench', config_branch: 'main' };
  return `${JSON.stringify(binding, null, 2)}\n`;
}

/** About 600 bytes: references, a few settings, and what teams write around them. */
function configText(targets: readonly (readonly [type: string, nickname: string])[], index: number): string {
  const config = {
    ...Object.fromEntries(targets.map(([type, nickname]) => [`${type.replaceAll('-', '_')}_nickname`, nickname])),
    instance_type: index % 3 === 0 ? 't3.large' : 't3.small',
    desired_count: (index % 5) + 1,
    retention_days: 30,
    enable_logging: index % 2 === 0,
    allowed_cidrs: ['10.0.0.0/8', '172.16.0.0/12'],
    tags: { Team: `team-${index % 17}`, CostCentre: `cc-${index % 31}`, Tier: 'standard' },
  };
  const description = 'what this component is for and whom to ask about it; '.repeat(12);
  const short = JSON.stringify({ ...config, description: '' }, null, 2).length;
  return `${JSON.stringify({ ...config, description: description.slice(0, Math.max(0, 600 - short)) }, null, 2)}\n`;
}

function moduleFiles(type: TypePlan): [name: string, text: string][] {
  return [
    ['header.tf', header],
    ['main.tf', mainText(type)],
    ['outputs.tf', outputsText(type)],
  ];
}

const header = `# The same in every component.

terraform {
  # Terragrunt fills in bucket, key and region.
  backend "s3" {}
}

provider "aws" {
  region = var.region
}

variable "component_name" {
  type        = string
  description = "The component type."
}

variable "nickname" {
  type        = string
  description = "Which instance of the type."
}

variable "iac_prefix" {
  type    = string
  default = "/iac"
}

variable "region" {
  type    = string
  default = "eu-west-1"
}

data "aws_ssm_parameter" "config" {
  name = "\${var.iac_prefix}/\${var.component_name}/\${var.nickname}/config"
}

locals {
  config = try(nonsensitive(jsondecode(data.aws_ssm_parameter.config.value)), {})

  tags = merge(
    {
      Project   = try(local.config.project, var.nickname)
      Component = var.component_name
    },
    try(local.config.tags, {})
  )

  runtime_path = "\${var.iac_prefix}/\${var.component_name}/\${var.nickname}/runtime"
}
`;

function mainText({ reads }: TypePlan): string {
  const parts = reads.map((read) => readText(read.replaceAll('-', '_'), read));
  const subnets = reads.map((read) => `local.${read.replaceAll('-', '_')}.id`);
  parts.push(`locals {
  instance_type  = try(local.config.instance_type, "t3.small")
  desired_count  = try(local.config.desired_count, 1)
  retention_days = coalesce(try(local.config.retention_days, null), 14)
  logging        = try(local.config.enable_logging, false)
  upstream_ids   = compact([${subnets.join(', ')}])
  name           = "\${var.component_name}-\${var.nickname}"
}

resource "aws_security_group" "this" {
  name        = local.name
  description = "Traffic of \${local.name}"
  tags        = local.tags

  dynamic "ingress" {
    for_each = try(local.config.allowed_cidrs, [])
    content {
      from_port   = 443
      to_port     = 443
      protocol    = "tcp"
      cidr_blocks = [ingress.value]
    }
  }
}

resource "aws_cloudwatch_log_group" "this" {
  count             = local.logging ? 1 : 0
  name              = "/bench/\${local.name}"
  retention_in_days = local.retention_days
  tags              = local.tags
}

resource "aws_instance" "this" {
  count                  = local.desired_count
  ami                    = "ami-00000000"
  instance_type          = local.instance_type
  vpc_security_group_ids = [aws_security_group.this.id]
  user_data              = join(",", local.upstream_ids)

  tags = merge(local.tags, {
    Name  = "\${local.name}-\${count.index}"
    Index = tostring(count.index)
  })

  lifecycle {
    create_before_destroy = true
  }
}
`);
  return parts.join('\n');
}

function readText(name: string, type: string): string {
  return `data "aws_ssm_parameter" "${name}" {
  name = "\${var.iac_prefix}/${type}/\${local.config.${name}_nickname}/runtime"
}

locals {
  ${name} = jsondecode(nonsensitive(data.aws_ssm_parameter.${name}.value))
}
`;
}

function outputsText({ reads }: TypePlan): string {
  const upstream = reads.map((read) => `    ${read.replaceAll('-', '_')}_arn = local.${read.replaceAll('-', '_')}.arn`);
  return `locals {
  runtime = {
    id    = aws_security_group.this.id
    arn   = aws_security_group.this.arn
    name  = local.name
    hosts = aws_instance.this[*].private_dns
    logs  = one(aws_cloudwatch_log_group.this[*].name)
${upstream.join('\n')}
  }
}

resource "aws_ssm_parameter" "runtime" {
  name  = local.runtime_path
  type  = "String"
  value = jsonencode(local.runtime)
}

output "id" {
  value = aws_security_group.this.id
}

output "arn" {
  value = aws_security_group.this.arn
}
`;
}

/** A dump as `aws ssm get-parameters-by-path` gives it, one a binding: two parameters a component. */
export function parameterDump(estate: GeneratedEstate, environment: string): string {
  const parameters: object[] = [];
  for (const [path, text] of estate.files) {
    const found = new RegExp(`^iac/${environment}/([^/]+)/([^/]+)/config.json$`).exec(path);
    if (found === null) continue;
    const base = `/iac/${found[1]}/${found[2]}`;
    const runtime = { id: `sg-${found[2]}`, arn: `arn:aws:ec2:${base}`, name: found[2], hosts: [] };
    parameters.push(parameterOf(`${base}/config`, text), parameterOf(`${base}/runtime`, JSON.stringify(runtime)));
  }
  return JSON.stringify({ Parameters: parameters });
}

function parameterOf(Name: string, Value: string): object {
  return { Name, Type: 'String', Value, Version: 1, LastModifiedDate: '2026-01-01T12:00:00Z', DataType: 'text' };
}
