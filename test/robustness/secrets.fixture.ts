/** One way to write a secret down, and where. */
export interface Planting {
  readonly file: string;
  readonly secret: string;
  /** The text that is laid behind what the file holds already. */
  readonly write: (secret: string) => string;
}

let planted = 0;

function plant(file: string, write: (secret: string) => string): Planting {
  planted += 1;
  return { file, secret: `pl4ntedS3cret${String(planted).padStart(2, '0')}`, write };
}

const unit = 'live/dev/planted/terragrunt.hcl';
const root = 'roots/db/main.tf';

export const plantings: readonly Planting[] = [
  // A Terragrunt unit: everything in it reaches `impact --since`.
  plant(unit, (x) => `terraform {\n  source = "git::https://user:${x}@example.com/modules.git//vpc?ref=v1"\n`),
  plant(
    unit,
    (x) =>
      `  before_hook "a" {\n    commands = ["plan"]\n    execute  = ["curl", "-u", "bob:${x}", "https://example.com"]\n  }\n`,
  ),
  plant(unit, (x) => `  before_hook "b" {\n    commands = ["plan"]\n    execute  = ["tool", "--token=${x}"]\n  }\n`),
  plant(
    unit,
    (x) => `  before_hook "c" {\n    commands = ["plan"]\n    execute  = ["tool", "--api-key", "${x}"]\n  }\n`,
  ),
  plant(
    unit,
    (x) => `  after_hook "d" {\n    commands = ["plan"]\n    execute  = ["sh", "-c", "PGPASSWORD=${x} psql"]\n  }\n`,
  ),
  plant(
    unit,
    (x) =>
      `  extra_arguments "e" {\n    commands  = ["plan"]\n    arguments = ["-var", "password=${x}", "-no-color"]\n`,
  ),
  plant(unit, (x) => `    env_vars  = { TF_VAR_db_password = "${x}" }\n  }\n}\n`),
  plant(
    unit,
    (x) =>
      `generate "provider" {\n  path      = "provider.tf"\n  if_exists = "overwrite"\n  contents  = <<EOT\nprovider "postgresql" {\n  password = "${x}"\n}\n`,
  ),
  plant(unit, (x) => `provider "github" {\n  token = "ghp_${x}${x}"\n}\nEOT\n}\n`),
  plant(unit, (x) => `inputs = {\n  db_passwords = ["${x}"]\n`),
  plant(unit, (x) => `  api_keys = { ci = "${x}" }\n`),
  plant(unit, (x) => `  settings = jsonencode({ user = "me", password = "${x}" })\n`),
  plant(unit, (x) => `  dsn = "bob:${x}@tcp(db:3306)/x"\n`),
  plant(unit, (x) => `  connection = "Server=db;User Id=sa;Password=${x};Encrypt=true"\n`),
  plant(unit, (x) => `  hook = "https://example.com/hook?token=${x}"\n`),
  plant(unit, (x) => `  header = "Authorization: Bearer ${x}"\n`),
  plant(unit, (x) => `  gitlab = "glpat-${x}"\n  slack = "xoxb-1-${x}"\n`),
  plant(unit, (x) => `  user_data = base64encode("#!/bin/sh\\nexport DB_PASSWORD=${x}\\n")\n`),
  plant(unit, (x) => `  container = [{ name = "DB_PASSWORD", value = "${x}" }]\n`),
  plant(unit, (x) => `  key = "-----BEGIN PRIVATE KEY-----\\n${x}\\n-----END PRIVATE KEY-----"\n}\n`),
  // A unit whose secrets stand in what cannot be evaluated.
  plant('live/dev/app/terragrunt.hcl', (x) => `locals {\n  token = run_cmd("vault", "--token=${x}", "read")\n`),
  plant('live/dev/app/terragrunt.hcl', (x) => `  dsn   = get_env("DSN", "postgres://me:${x}@db/x")\n}\n`),
  plant(
    'live/dev/app/terragrunt.hcl',
    (x) => `dependency "none" {\n  config_path = "../\${run_cmd("x", "password=${x}")}"\n}\n`,
  ),
  // A plain root module, with remote modules and a state elsewhere.
  plant(root, (x) => `terraform {\n  backend "http" {\n    address  = "https://me:${x}@example.com/state"\n`),
  plant(root, (x) => `    password = "${x}"\n  }\n}\n`),
  plant(
    root,
    (x) => `module "remote" {\n  source = "git::https://oauth2:${x}@example.com/modules.git//db?ref=v1"\n}\n`,
  ),
  plant(root, (x) => `module "signed" {\n  source = "https://example.com/module.zip?token=${x}"\n}\n`),
  plant(
    root,
    (x) => `variable "db_password" {\n  default = "${x}"\n}\noutput "db_password" {\n  value = var.db_password\n}\n`,
  ),
  plant(
    root,
    (x) => `variable "plain" { default = 1 }\nlocals {\n  url = "mongodb://me:${x}@\${var.plain}.example.com"\n}\n`,
  ),
  plant('roots/db/terraform.tfvars', (x) => `db_password = "${x}"\n`),
  plant('roots/db/terraform.tfvars', (x) => `users = { admin = { password = "${x}" } }\n`),
  plant(
    'roots/lookup/main.tf',
    (x) =>
      `terraform {\n  backend "local" {}\n}\ndata "terraform_remote_state" "db" {\n  backend = "http"\n  config = {\n    address = "https://me:${x}@example.com/state"\n`,
  ),
  plant(
    'roots/lookup/main.tf',
    (x) =>
      `    password = "${x}"\n  }\n}\noutput "token" { value = data.terraform_remote_state.db.outputs.db_password }\n`,
  ),
  plant(
    'roots/lookup/main.tf',
    (x) =>
      `data "aws_ssm_parameter" "x" { name = "/iac/\${substr("x", 0, var.nowhere == "password=${x}" ? 1 : 2)}/runtime" }\n`,
  ),
  // An Adage component and its module.
  plant('iac/dev/app/two/config.json', (x) => `{ "vpc_nickname": "main", "size": 2, "passwords": ["${x}"],\n`),
  plant('iac/dev/app/two/config.json', (x) => `  "url": "postgres://admin:${x}@db.example.com/x",\n`),
  plant(
    'iac/dev/app/two/config.json',
    (x) => `  "command": "tool --token ${x}", "script": "{\\"secret\\": \\"${x}\\"}" }\n`,
  ),
  plant(
    'components/app/more.tf',
    (x) =>
      `locals {\n  pw = try(local.config.db_password, "${x}")\n  again = lookup(local.config, "db_password", "${x}")\n}\n`,
  ),
  plant(
    'components/app/more.tf',
    (x) => `module "inner" {\n  source = "git::https://me:${x}@example.com/inner.git"\n}\n`,
  ),
  plant(
    'karma.yaml',
    (x) =>
      `references:\n  - { from: dev/app/web, to: dev/vpc/main, reason: "see https://me:${x}@wiki.example.com/page" }\n`,
  ),
];
