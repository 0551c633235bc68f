interface RuleKind {
  readonly title: string;
  readonly means: string;
  readonly example: string;
  readonly blindTo: string;
}

/** What each rule that finds references means, for `karma explain`. What it does is in a file of `infer/`. */
export const ruleKinds = {
  'parameter-read': {
    title: 'a module reads a parameter',
    means:
      'The name of a `data "aws_ssm_parameter"` block, evaluated with the component\'s config, is one that another component writes.',
    example: 'data "aws_ssm_parameter" "vpc" { name = "${var.iac_prefix}/vpc/${local.config.vpc_nickname}/runtime" }',
    blindTo: 'names only a run could know, and programs behind `data "external"`',
  },
  'path-value': {
    title: 'a config value is a parameter path',
    means: 'A config holds the path of a runtime parameter, alone, with a key behind it, or in a list.',
    example: '{ "vpc_runtime_path": "/iac/vpc/main/runtime" }',
    blindTo: 'paths put together from parts that no HCL shows',
  },
  'nickname-key': {
    title: 'a config key names a component',
    means:
      '`<type>_nickname` names a component of that type, or where there is none one of a type that extends it. It proves a reference only where the module gives no answer of its own.',
    example: '{ "vpc_nickname": "main" }',
    blindTo: 'keys whose prefix is no component type',
  },
  'lookup-by-name': {
    title: 'a data source finds what another component creates',
    means:
      'An argument of a `data` block equals what a `resource` block of the same kind gets in another component, both evaluated. Proven in Adage estates within an environment, and elsewhere where `karma.yaml` says that accounts are shared; else, as by tag or filter, who makes it is possible.',
    example: 'data "aws_route53_zone" "zone" { name = local.config.route53_zone_name }',
    blindTo: 'lookups of which hardly anything is known before a run',
  },
  openapi: {
    title: 'an OpenAPI document names lambdas',
    means:
      'An API component uses the document of its own nickname; operations name lambdas by `x-lambda-nickname`; the document is kept in the bucket of the same nickname.',
    example: 'x-lambda-nickname: order-create',
    blindTo: 'documents outside the repositories given',
  },
  'own-nickname': {
    title: "a default that is the component's own nickname",
    means: 'A module falls back to its own nickname for the name of what it reads.',
    example: 'try(local.config.vpc_nickname, var.nickname)',
    blindTo: '',
  },
  'remote-state': {
    title: 'a root module reads the state of another',
    means: 'The backend address of a `data "terraform_remote_state"` block, evaluated, is that of another root module.',
    example: 'data "terraform_remote_state" "network" { backend = "s3" config = { bucket = "b" key = "network" } }',
    blindTo: 'addresses given only on the command line',
  },
  dependency: {
    title: 'a Terragrunt dependency block',
    means: 'The `config_path` of a `dependency` block, evaluated in the unit, leads to another unit.',
    example: 'dependency "vpc" { config_path = "../vpc" }',
    blindTo: 'paths that rest on `run_cmd` and the like',
  },
  dependencies: {
    title: 'a Terragrunt dependencies block',
    means: 'A path in `dependencies { paths = [...] }` leads to another unit. It only orders.',
    example: 'dependencies { paths = ["../vpc"] }',
    blindTo: 'paths that rest on `run_cmd` and the like',
  },
  declared: {
    title: 'somebody says so',
    means: '`component.yaml` (`references`), `$depends_on` in a config, or `karma.yaml` (`references`) declares it.',
    example: 'references: { vpc: { type: vpc, by: vpc_nickname } }',
    blindTo: '',
  },
  variable: {
    title: "a plain module takes a provider's runtime as a variable",
    means:
      'Karma hands a declared reference to the module under its name; what the module names of it is what it consumes.',
    example: 'var.vpc.vpc_id',
    blindTo: '',
  },
} as const satisfies Record<string, RuleKind>;

export type RuleName = keyof typeof ruleKinds;
