import type { Claim } from '../../../model/claim.ts';
import type { EstateSettings, EstateView, ParameterObservation } from '../../../model/estate.ts';
import type { FileView } from '../../../model/file-view.ts';
import type { Finding } from '../../../model/finding.ts';
import { Resolver } from '../../resolver.ts';
import { viewOf } from '../../terraform/memory-view.fixture.ts';
import { adageLayout } from './layout.ts';

type Files = Readonly<Record<string, string>>;

/** The head that every self-publishing module of an Adage estate begins with. */
export const header = `
data "aws_ssm_parameter" "config" { name = "\${var.iac_prefix}/\${var.component_name}/\${var.nickname}/config" }
locals {
  config       = try(nonsensitive(jsondecode(data.aws_ssm_parameter.config.value)), {})
  runtime_path = "\${var.iac_prefix}/\${var.component_name}/\${var.nickname}/runtime"
}
variable "component_name" { type = string }
variable "nickname" { type = string }
variable "iac_prefix" { default = "/iac" }
`;

/** A module that publishes the outputs named. */
export function publishing(body: string, ...outputs: readonly string[]): string {
  const object = outputs.map((name) => `${name} = "x"`).join(', ');
  return `${header}${body}
resource "aws_ssm_parameter" "runtime" {
  name  = local.runtime_path
  value = jsonencode({ ${object} })
}
`;
}

export interface SmallEstate {
  readonly repos?: Readonly<Record<string, Files>>;
  readonly settings?: EstateSettings;
  readonly parameters?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export function estateOf(main: Files, { repos = {}, settings = {}, parameters = {} }: SmallEstate = {}): EstateView {
  const views: [string, FileView][] = [['', viewOf(main)]];
  for (const [name, files] of Object.entries(repos)) views.push([name, viewOf(files, name)]);
  const observed = Object.entries(parameters).map(([binding, values]): [string, Map<string, ParameterObservation>] => [
    binding,
    new Map(Object.entries(values).map(([name, value]) => [name, { name, value, version: 1, secure: false }])),
  ]);
  return {
    main: views[0]?.[1] ?? viewOf({}),
    repos: new Map(views),
    environment: {},
    parameters: new Map(observed),
    settings,
  };
}

export interface ReadEstate {
  /** `from -> to rules consumes`, sorted. */
  readonly edges: readonly string[];
  /** `code subject key`, sorted. */
  readonly findings: readonly string[];
  readonly nodes: readonly string[];
  readonly claims: ReadonlyMap<string, Claim>;
  readonly details: readonly Finding[];
}

/** The graph of a small estate, in lines that read well in a test. */
export function read(main: Files, more: SmallEstate = {}): ReadEstate {
  const open = adageLayout.open(estateOf(main, more));
  const { candidates, findings } = open.discover();
  const claims = new Map(candidates.map((candidate) => [candidate.id, open.claim(candidate)]));
  const resolver = new Resolver(more.settings?.references ?? []);
  resolver.load(claims.values());
  const rows = [...resolver.rows.values()];
  const valuesOf = (table: string) => rows.filter((row) => row.table === table).map((row) => JSON.parse(row.value));
  const found: Finding[] = [...findings, ...valuesOf('finding')];
  return {
    edges: valuesOf('reference')
      .map(({ from, to, rules, consumes }) => `${from} -> ${to} ${rules.join(',')} ${consumes.join(' ')}`.trimEnd())
      .sort(),
    findings: found.map(({ code, subject, key }) => `${code} ${subject} ${key}`).sort(),
    nodes: valuesOf('component')
      .map(({ id }) => id)
      .sort(),
    claims,
    details: found,
  };
}

/** A config file. */
export function config(id: string, value: unknown): Files {
  return { [`iac/${id}/config.json`]: typeof value === 'string' ? value : JSON.stringify(value, null, 1) };
}
