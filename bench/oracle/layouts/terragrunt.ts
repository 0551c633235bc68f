import { join } from 'node:path';
import { findProgram } from '../../../src/run/tool.ts';
import type { Random } from '../../random.ts';
import type { Edits } from '../edits.ts';
import { literal } from '../expressions.ts';
import { addModules, addParts, addVariables, emptyEstate } from '../generate.ts';
import { emptyModule, type GeneratedComponent, type GeneratedEstate, moduleOf } from '../model.ts';
import { applyArgs, planArgs, planned, type Ran, run } from '../terraform.ts';
import { commonFiles, put } from '../written.ts';
import type { OracleLayout, OracleRunner } from './layout.ts';
import { commonText, environmentText, filesBeside, rootText, unitExpression, unitText } from './unit-text.ts';

const environments = ['dev', 'prod'] as const;
const valuesOfEnvironments = [
  ['stage', 'text'],
  ['size', 'number'],
  ['zones', 'list'],
  ['tags', 'map'],
] as const;
const valuesOfIncludes = [
  ['root project', 'text'],
  ['root input', 'text'],
  ['common size', 'number'],
] as const;

/** Units that share a root include, a file for each environment, and files for all that run one module. */
export const terragruntLayout: OracleLayout = {
  missing: ['terraform', 'terragrunt'].filter((name) => findProgram(name, process.env['PATH']) === undefined),

  generate(random) {
    const estate = emptyEstate('terragrunt');
    addModules(random, estate);
    for (let at = 0; at < 2 + random.below(2); at++) {
      const module = emptyModule(`modules/u${at}`, true);
      addVariables(random, module);
      addParts(random, estate, module);
      estate.roots.push(module);
    }
    for (const environment of environments)
      for (let at = 0; at < 2 + random.below(environment === 'dev' ? 2 : 1); at++)
        addUnit(random, estate, `live/${environment}/c${at}`);
    filesBeside(estate);
    return estate;
  },

  files(estate) {
    const files = commonFiles(estate);
    put(files, 'karma.yaml', 'estate: oracle\n');
    put(files, '.gitignore', '.terraform/\n.terragrunt-cache/\n.state/\n*.tfstate*\n.terraform.lock.hcl\n');
    put(files, 'root.hcl', rootText(estate));
    for (const environment of environments)
      put(files, `live/${environment}/env.hcl`, environmentText(estate, environment));
    for (const { key } of estate.roots) put(files, `_common/${key}.hcl`, commonText(estate, key));
    for (const component of estate.components) {
      const own = `${component.id}/terragrunt.hcl`;
      const linked = `_units/${component.id.replaceAll('/', '-')}.hcl`;
      put(files, component.more.has('linked') ? linked : own, unitText(estate, component));
      if (component.more.has('linked')) files.set(own, { link: `../../../${linked}` });
    }
    return files;
  },

  runner({ estate: place }): OracleRunner {
    const terragrunt = (folder: string, args: readonly string[]): Promise<Ran> =>
      run('terragrunt', join(place, folder), [...words, '--', ...args]);
    const together = (components: readonly GeneratedComponent[], args: readonly string[]): Promise<Ran> =>
      run('terragrunt', place, [
        ...words,
        '--all',
        '--parallelism=2',
        ...components.map(({ id }) => `--filter=./${id}`),
        '--',
        ...args,
      ]);
    return {
      // Terragrunt runs init by itself.
      prepare: async () => undefined,
      plan: async (_estate, { id }) => planned(await terragrunt(id, planArgs)),
      apply: (_estate, { id }) => terragrunt(id, applyArgs),
      planAll: async (_estate, components) => planned(await together(components, planArgs)).is === 'nothing',
      applyAll: (_estate, components) => together(components, applyArgs),
      state: (_estate, { id }) => join(place, '.state', id, 'terraform.tfstate'),
    };
  },

  edits: {
    input: (estate, random) => {
      const component = anyUnit(estate, random);
      const one = random.pick(moduleOf(estate, component).parts.filter(({ kind }) => kind === 'variable'));
      if (one === undefined) return undefined;
      if (component.values.has(one.name) && random.below(4) === 0) component.values.delete(one.name);
      else component.values.set(one.name, unitExpression(random, estate, component, one.type));
      return `${component.id} ${one.name} is ${component.values.get(one.name) ?? 'not said'}`;
    },
    'input that nobody reads': (estate, random) => {
      const component = anyUnit(estate, random);
      component.values.set('nobody', unitExpression(random, estate, component, 'text'));
      return `${component.id} ${component.values.get('nobody')}`;
    },
    'value of an environment': (estate, random) => {
      const environment = random.pick(environments);
      const [name, type] = valuesOfEnvironments[random.below(4)] ?? valuesOfEnvironments[0];
      estate.shared.set(`${environment} ${name}`, literal(random, type));
      return `${environment} ${name}`;
    },
    'value of an include': (estate, random) => {
      const [name, type] = valuesOfIncludes[random.below(3)] ?? valuesOfIncludes[0];
      estate.shared.set(name, literal(random, type));
      return name;
    },
    'unused local of an include': (estate, random) => {
      const name = random.pick(['root idle', 'common idle', 'dev idle', 'prod idle']) ?? '';
      estate.shared.set(name, literal(random, 'text'));
      return name;
    },
    'comment of an include': (estate, random) => {
      const name = random.pick(['root comment', 'common comment', 'dev comment']) ?? '';
      estate.shared.set(name, `# note ${random.below(1000)}\n`);
      return name;
    },
    'generated code': (estate, random) => {
      estate.shared.set('root generate', `${random.below(2)}`);
      estate.shared.set('root generated', `word ${random.below(1000)}`);
      return 'of the root include';
    },
    'generated output': inUnit('generate', (random) => `word ${random.below(1000)}`),
    'local of a unit': inUnit('own', (random, estate, component) =>
      random.below(2) === 0
        ? literal(random, 'text')
        : unitExpression(random, { ...estate, components: [] }, { ...component, reads: new Map() }, 'text').replaceAll(
            'local.own',
            '"own"',
          ),
    ),
    'unused local of a unit': inUnit('idle', (random) => literal(random, 'text')),
    'comment of a unit': inUnit('comment', (random) => `# note ${random.below(1000)}\n`),
    hook: inUnit('hook', (random) => `word ${random.below(1000)}`),
    'arguments of the environment': inUnit('arguments', (random) => random.pick(['v0', 'v1', 'nobody'])),
    'variable file': (estate, random) => {
      const component = anyUnit(estate, random);
      const one = random.pick(moduleOf(estate, component).parts.filter(({ kind }) => kind === 'variable'));
      if (one === undefined) return undefined;
      component.more.set('var-file', random.pick(['required_var_files', 'optional_var_files']));
      estate.files.set(`${component.id}/more.tfvars`, `${one.name} = ${literal(random, one.type)}\n`);
      return `${component.id} ${one.name}`;
    },
    mocks: inUnit('mock', (random) => literal(random, 'text')),
    'order only': (estate, random) => {
      const component = anyUnit(estate, random);
      const before = estate.components.slice(0, estate.components.indexOf(component));
      const one = random.pick(before);
      if (one === undefined) return undefined;
      component.more.set('after', one.id);
      return `${component.id} after ${one.id}`;
    },
    'another include': (estate, random) => {
      const component = anyUnit(estate, random);
      if (!component.more.delete('common')) component.more.set('common', '');
      return component.id;
    },
    'hook that copies a file': (estate, random) => {
      const component = anyUnit(estate, random);
      // What it wrote stays in the cache, so it stays too.
      component.more.set('copy', '');
      estate.files.set(`${component.id}/hook.txt`, `word ${random.below(1000)}\n`);
      return `${component.id}/hook.txt`;
    },
    'unit behind a link': inUnit('linked', () => ''),
    'code in a folder of a unit': (estate, random) => {
      const component = anyUnit(estate, random);
      const name = random.pick(['x_override.tf', 'main.tf', 'more.tf']) ?? '';
      const value = `"\${var.a} ${random.below(100)}"`;
      const output = name === 'more.tf' ? 'p' : 'o';
      const more = name === 'main.tf' ? 'variable "a" {\n  default = "u"\n}\n' : '';
      estate.files.set(`${component.id}/nest/${name}`, `${more}output "${output}" {\n  value = ${value}\n}\n`);
      return `${component.id}/nest/${name}`;
    },
    'data of a unit': (estate, random) => {
      const component = anyUnit(estate, random);
      const names = [
        'conf/own.txt',
        'conf/a.txt',
        'conf/deep/c.txt',
        'data0.txt',
        'maybe.txt',
        'conf/x.md',
        '.hidden.txt',
      ];
      const path = `${component.id}/${random.pick(names)}`;
      if (!estate.files.has(path) || random.below(3) > 0) estate.files.set(path, `word${random.below(1000)}\n`);
      else estate.files.delete(path);
      return path;
    },
    'file of a unit': (estate, random) => {
      const component = anyUnit(estate, random);
      const name = random.pick(['note.txt', 'own.tfvars', 'extra.hcl', 'README.md', 'more.tf', 'x.auto.tfvars']);
      const texts: Readonly<Record<string, string>> = {
        'own.tfvars': `w = "said ${random.below(1000)}"\n`,
        'extra.hcl': `locals {\n  x = "x${random.below(1000)}"\n}\n`,
        'more.tf': `output "beside" {\n  value = ${random.below(1000)}\n}\n`,
        'x.auto.tfvars': `# ${random.below(1000)}\n`,
      };
      estate.files.set(`${component.id}/${name}`, texts[name] ?? `word ${random.below(1000)}\n`);
      return `${component.id}/${name}`;
    },
    'file above units': (estate, random) => {
      const path = random.pick(['live/word.txt', 'live/dev/word.txt', 'live/prod/word.txt', 'live/common.yaml']);
      const text = path.endsWith('yaml')
        ? `# ${random.below(99)}\na: a${random.below(2)}\n`
        : `word ${random.below(1000)}\n`;
      estate.files.set(path, text);
      return path;
    },
    'moved unit': (estate, random) => {
      const component = anyUnit(estate, random);
      const was = component.id;
      component.id = `${was.slice(0, was.lastIndexOf('/'))}/m${random.below(1000)}`;
      for (const [path, text] of [...estate.files])
        if (path.startsWith(`${was}/`)) {
          estate.files.delete(path);
          estate.files.set(component.id + path.slice(was.length), text);
        }
      for (const { reads, more } of estate.components) {
        for (const [name, id] of reads) if (id === was) reads.set(name, component.id);
        if (more.get('after') === was) more.set('after', component.id);
      }
      return `${was} lies in ${component.id}`;
    },
  } satisfies Edits,
};

const words = ['run', '--non-interactive', '--no-color', '--tf-forward-stdout', '--log-level', 'error'] as const;

function anyUnit({ components }: GeneratedEstate, random: Random): GeneratedComponent {
  return components[random.below(components.length)] as GeneratedComponent;
}

/** Something that stands in the file of a unit: set anew, or taken away again. */
function inUnit(
  name: string,
  make: (random: Random, estate: GeneratedEstate, component: GeneratedComponent) => string,
): Edits[string] {
  return (estate, random) => {
    const component = anyUnit(estate, random);
    if (component.more.has(name) && random.below(3) === 0) component.more.delete(name);
    else component.more.set(name, make(random, estate, component));
    return `${component.id} ${name} is ${component.more.get(name) ?? 'gone'}`;
  };
}

function addUnit(random: Random, estate: GeneratedEstate, id: string): void {
  const module = random.pick(estate.roots);
  if (module === undefined) return;
  const earlier = estate.components.filter(() => random.below(2) === 0).slice(-2);
  const component: GeneratedComponent = {
    id,
    runs: module.key,
    values: new Map(),
    reads: new Map(earlier.map((one, at) => [`d${at}`, one.id])),
    more: new Map(random.below(2) === 0 ? [['common', ''] as const] : []),
  };
  for (const { kind, name, type } of module.parts)
    if (kind === 'variable' && random.below(3) > 0)
      component.values.set(name, unitExpression(random, estate, component, type));
  estate.components.push(component);
}
