import type { Random } from '../../random.ts';
import { expression, type Name } from '../expressions.ts';
import { type GeneratedComponent, type GeneratedEstate, moduleOf, outputNames } from '../model.ts';

/** How units and the files that they include are written. */

const root = '${dirname(find_in_parent_folders("root.hcl"))}';

/** What expressions of a unit may mention. */
export function unitNames(estate: GeneratedEstate, component: GeneratedComponent): Name[] {
  const known = true;
  return [
    { text: 'local.env.locals.stage', type: 'text', known },
    { text: 'local.env.locals.size', type: 'number', known },
    { text: 'local.env.locals.zones', type: 'list', known },
    { text: 'local.env.locals.tags', type: 'map', known },
    { text: 'local.own', type: 'text', known },
    { text: 'include.root.locals.project', type: 'text', known },
    ...(component.more.has('common') ? [{ text: 'include.common.locals.size', type: 'number', known } as const] : []),
    ...[...component.reads].flatMap(([name, id]) => {
      const read = estate.components.find((one) => one.id === id);
      return read === undefined ? [] : outputNames(moduleOf(estate, read), `dependency.${name}.outputs`);
    }),
  ];
}

const special: readonly string[] = [
  'basename(get_terragrunt_dir())',
  'trimspace(file("${get_terragrunt_dir()}/note.txt"))',
  'trimspace(file(find_in_parent_folders("word.txt")))',
  'yamldecode(file(find_in_parent_folders("common.yaml"))).a',
  'try(read_terragrunt_config("${get_terragrunt_dir()}/extra.hcl").locals.x, "none")',
  'path_relative_to_include("root")',
  'get_env("NOBODY_SETS_THIS", "fallback")',
  'jsondecode(read_tfvars_file("${get_terragrunt_dir()}/own.tfvars")).w',
];

export function unitExpression(
  random: Random,
  estate: GeneratedEstate,
  component: GeneratedComponent,
  type: Name['type'],
): string {
  if (type === 'text' && random.below(4) === 0) return random.pick(special) ?? '""';
  return expression(random, type, unitNames(estate, component));
}

/** Files that units read with functions, beside each and above them. */
export function filesBeside(estate: GeneratedEstate): void {
  estate.files.set('live/dev/word.txt', 'dev word\n');
  estate.files.set('live/word.txt', 'any word\n');
  estate.files.set('live/common.yaml', 'a: yes it is # here\nb: 1\n');
  for (const { id } of estate.components) {
    estate.files.set(`${id}/note.txt`, 'a note\n');
    estate.files.set(`${id}/own.tfvars`, 'w = "said"\n');
  }
}

export function rootText({ shared }: GeneratedEstate): string {
  const of = (name: string) => shared.get(`root ${name}`);
  return [
    `${of('comment') ?? ''}locals {\n  project = ${of('project') ?? '"p"'}\n  idle = ${of('idle') ?? '1'}\n}`,
    'remote_state {\n  backend = "local"\n  generate = { path = "backend.tf", if_exists = "overwrite" }\n  config = {\n    path = "${get_parent_terragrunt_dir()}/.state/${path_relative_to_include()}/terraform.tfstate"\n  }\n}',
    `inputs = {\n  project = local.project\n  v9 = ${of('input') ?? '1'}\n${given('v0', of('v0'))}}`,
    ...(of('generate') === undefined
      ? []
      : [
          `generate "more" {\n  path = "more_${of('generate')}.tf"\n  if_exists = "overwrite"\n  contents = <<EOF\n# ${of('generated')}\nlocals {\n  generated = "${of('generated')}"\n}\nEOF\n}`,
        ]),
  ].join('\n\n');
}

export function commonText({ shared, roots }: GeneratedEstate, key: string): string {
  const folder = roots.find((one) => one.key === key)?.folder ?? '';
  const of = (name: string) => shared.get(`common ${name}`);
  return `${of('comment') ?? ''}locals {\n  size = ${of('size') ?? '3'}\n  idle = ${of('idle') ?? '1'}\n}\n\nterraform {\n  source = "${root}//${folder}"\n}\n\ninputs = {\n  idle = local.idle\n${given('v1', of('v1'))}}\n`;
}

export function environmentText({ shared }: GeneratedEstate, environment: string): string {
  const of = (name: string, otherwise: string) => shared.get(`${environment} ${name}`) ?? otherwise;
  const idle = of('idle', '');
  return `${of('comment', '')}locals {\n  stage = ${of('stage', `"${environment}"`)}\n  size = ${of('size', '2')}\n  zones = ${of('zones', '["a", "b"]')}\n  tags = ${of('tags', '{ a = "t" }')}\n${idle === '' ? '' : `  idle = ${idle}\n`}}\n`;
}

export function unitText(estate: GeneratedEstate, component: GeneratedComponent): string {
  const { reads, more, runs } = component;
  const of = (name: string) => more.get(name);
  const common = of('common') !== undefined;
  const terraform = [
    ...(common ? [] : [`  source = "${root}//${moduleOf(estate, component).folder}"`]),
    ...(of('hook') === undefined
      ? []
      : [`  before_hook "say" {\n    commands = ["plan"]\n    execute  = ["echo", "${of('hook')}"]\n  }`]),
    ...(of('copy') === undefined
      ? []
      : [
          '  before_hook "copy" {\n    commands = ["plan", "apply"]\n    execute  = ["cp", "${get_terragrunt_dir()}/hook.txt", "hooked.txt"]\n  }',
        ]),
    ...(of('var-file') === undefined
      ? []
      : [
          `  extra_arguments "files" {\n    commands = ["plan", "apply", "import", "refresh"]\n    ${of('var-file')} = ["\${get_terragrunt_dir()}/more.tfvars"]\n  }`,
        ]),
    ...(of('arguments') === undefined
      ? []
      : [
          `  extra_arguments "env" {\n    commands = ["plan", "apply"]\n    env_vars = { TF_VAR_${of('arguments')} = "given" }\n  }`,
        ]),
  ];
  return [
    `${of('comment') ?? ''}include "root" {\n  path = find_in_parent_folders("root.hcl")\n  expose = true\n}`,
    ...(common ? [`include "common" {\n  path = "${root}/_common/${runs}.hcl"\n  expose = true\n}`] : []),
    `locals {\n  env = read_terragrunt_config(find_in_parent_folders("env.hcl"))\n  own = ${of('own') ?? '"own"'}\n  idle = ${of('idle') ?? '1'}\n}`,
    ...(terraform.length === 0 ? [] : [`terraform {\n${terraform.join('\n')}\n}`]),
    ...[...reads].map(([name, id]) => dependencyText(component, name, id)),
    ...(of('after') === undefined ? [] : [`dependencies {\n  paths = ["${toUnit(of('after') ?? '')}"]\n}`]),
    ...(of('generate') === undefined
      ? []
      : [
          `generate "own" {\n  path = "own.tf"\n  if_exists = "overwrite"\n  contents = "output \\"own\\" {\\n  value = \\"${of('generate')}\\"\\n}\\n"\n}`,
        ]),
    `inputs = {\n${[...component.values].map(([name, value]) => `  ${name} = ${value}\n`).join('')}}`,
  ].join('\n\n');
}

function dependencyText({ more }: GeneratedComponent, name: string, id: string): string {
  const mocks = more.get('mock');
  const outputs =
    mocks === undefined
      ? ''
      : `  mock_outputs = { o0 = ${mocks} }\n  mock_outputs_allowed_terraform_commands = ["validate"]\n`;
  return `dependency "${name}" {\n  config_path = "${toUnit(id)}"\n${outputs}}`;
}

/** Units lie three steps deep. */
function toUnit(to: string): string {
  return `../../../${to}`;
}

function given(name: string, value: string | undefined): string {
  return value === undefined ? '' : `  ${name} = ${value}\n`;
}
