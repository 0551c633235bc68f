import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { mergePatch } from '../../../src/config/merge-patch.ts';
import { findProgram } from '../../../src/run/tool.ts';
import { fileNameOf } from '../../../src/run/workplace.ts';
import type { Random } from '../../random.ts';
import type { Edits } from '../edits.ts';
import { literal } from '../expressions.ts';
import { addModules, addParts, addVariables, emptyEstate } from '../generate.ts';
import {
  emptyModule,
  type GeneratedComponent,
  type GeneratedEstate,
  type GeneratedModule,
  moduleOf,
  part,
} from '../model.ts';
import { applyArgs, initArgs, planArgs, planned, type Ran, run } from '../terraform.ts';
import { commonFiles, jsonOf, put } from '../written.ts';
import type { OracleLayout, OracleRunner, Places } from './layout.ts';
import { linksOf } from './terraform.ts';

const environments = ['dev', 'prod'] as const;
const step = 'steps:\n  - name: copy\n    when: before\n    run: [cp, step.txt, hooked.txt]\n';

/**
 * Component types that are plain modules, and configs that say what each component is. Karma hands variables over when it runs
 * one; the oracle works them out by itself, from the files and from the states of those that are read.
 */
export const adageLayout: OracleLayout = {
  missing: ['terraform'].filter((name) => findProgram(name, process.env['PATH']) === undefined),

  generate(random) {
    const estate = emptyEstate('adage');
    addModules(random, estate);
    for (let at = 0; at < 2 + random.below(2); at++) estate.roots.push(newType(random, estate, at));
    for (const environment of environments)
      for (const type of estate.roots)
        for (const nickname of ['a', ...(environment === 'dev' && random.below(2) === 0 ? ['b'] : [])])
          if (environment === 'dev' || random.below(2) > 0) addComponent(random, estate, type, environment, nickname);
    estate.shared.set('extra', '"base"');
    return estate;
  },

  files(estate) {
    const files = commonFiles(estate);
    put(files, 'karma.yaml', `estate: oracle\n${estate.shared.get('comment') ?? ''}`);
    put(files, '.gitignore', '.terraform/\n*.tfstate*\nhooked.txt\n');
    for (const environment of environments)
      put(
        files,
        `account_environments/oracle-${environment}.json`,
        JSON.stringify({ name: `oracle-${environment}`, environment, config_repo: 'e/e', config_branch: 'main' }),
      );
    put(files, 'iac/_base/common/all/config.json', JSON.stringify(baseOf(estate)));
    for (const component of estate.components) {
      const indent = component.more.has('format') ? 4 : 2;
      put(files, `iac/${component.id}/config.json`, JSON.stringify(ownConfig(component), null, indent));
    }
    for (const { folder, files: own } of estate.roots)
      if (own.has('step.txt')) put(files, `${folder}/component.yaml`, step);
    return files;
  },

  runner: (places) => new AdageRunner(places),

  edits: {
    config: (estate, random) => {
      const component = random.pick(estate.components) as GeneratedComponent;
      const one = random.pick(moduleOf(estate, component).parts.filter(({ kind }) => kind === 'variable'));
      if (one === undefined || ['nickname', 'environment'].includes(one.name)) return undefined;
      if (component.values.has(one.name) && random.below(3) === 0) component.values.delete(one.name);
      else component.values.set(one.name, literal(random, one.type));
      return `${component.id} ${one.name} is ${component.values.get(one.name) ?? 'not said'}`;
    },
    'config that nobody reads': (estate, random) => {
      const component = random.pick(estate.components) as GeneratedComponent;
      component.values.set('unread', literal(random, 'text'));
      return component.id;
    },
    'config that is read whole': (estate, random) => {
      const component = random.pick(estate.components) as GeneratedComponent;
      component.values.set('extra', literal(random, 'text'));
      return `${component.id} extra`;
    },
    'config format': (estate, random) => {
      const component = random.pick(estate.components) as GeneratedComponent;
      if (!component.more.delete('format')) component.more.set('format', '');
      return component.id;
    },
    parent: (estate, random) => {
      estate.shared.set(random.pick(['extra', 'unread', 'v0']) ?? '', literal(random, 'text'));
      return '_base/common/all';
    },
    extends: (estate, random) => {
      const component = random.pick(estate.components) as GeneratedComponent;
      if (!component.more.delete('extends')) component.more.set('extends', '');
      return component.id;
    },
    reference: (estate, random) => {
      const component = random.pick(estate.components) as GeneratedComponent;
      const name = random.pick([...component.reads.keys()]);
      const others = estate.components.filter(
        ({ id, runs }) => runs === name && id.split('/')[0] === component.id.split('/')[0],
      );
      const to = random.pick(others);
      if (name === undefined || to === undefined) return undefined;
      component.reads.set(name, to.id);
      return `${component.id} reads ${to.id}`;
    },
    'file of a step': (estate, random) => {
      const type = random.pick(estate.roots) as GeneratedModule;
      type.files.set('step.txt', `word ${random.below(1000)}\n`);
      return `${type.folder}/step.txt`;
    },
    'karma.yaml': (estate, random) => {
      estate.shared.set('comment', `# note ${random.below(1000)}\n`);
      return 'a comment';
    },
    component: (estate, random) => {
      const type = random.pick(estate.roots) as GeneratedModule;
      const nickname = `n${random.below(100)}`;
      addComponent(random, estate, type, 'dev', nickname);
      return `dev/${type.key}/${nickname} is new`;
    },
  } satisfies Edits,
};

function newType(random: Random, estate: GeneratedEstate, at: number): GeneratedModule {
  const type = emptyModule(`components/t${at}`, true);
  for (const own of ['nickname', 'environment'])
    if (random.below(2) === 0) type.parts.push(part(random, 'variable', own, 'text', '"none"'));
  addVariables(random, type);
  if (random.below(3) === 0) type.parts.push(part(random, 'handed', 'config', 'map', ''));
  for (const { key } of estate.roots.filter(() => random.below(2) === 0).slice(-2))
    type.parts.push({ ...part(random, 'handed', key, 'map', ''), of: key });
  addParts(random, estate, type);
  return type;
}

function addComponent(
  random: Random,
  estate: GeneratedEstate,
  type: GeneratedModule,
  environment: string,
  nickname: string,
): void {
  const id = `${environment}/${type.key}/${nickname}`;
  const reads = new Map<string, string>();
  for (const { of } of type.parts.filter(({ kind }) => kind === 'handed')) {
    if (of === undefined) continue;
    const there = estate.components.filter((one) => one.runs === of && one.id.startsWith(`${environment}/`));
    const to = random.pick(there);
    // Without somebody to read there is no such component.
    if (to === undefined) return;
    reads.set(of, to.id);
  }
  if (estate.components.some((one) => one.id === id)) return;
  const values = new Map<string, string>();
  for (const { kind, name, type: of } of type.parts)
    if (kind === 'variable' && name.startsWith('v') && random.below(2) === 0) values.set(name, literal(random, of));
  const more = new Map(random.below(3) === 0 ? [['extends', ''] as const] : []);
  estate.components.push({ id, runs: type.key, values, reads, more });
}

function baseOf({ shared }: GeneratedEstate): Record<string, unknown> {
  const values = [...shared].filter(([name]) => name !== 'comment');
  return Object.fromEntries(values.map(([name, value]) => [name, jsonOf(value)]));
}

function ownConfig({ values, reads, more }: GeneratedComponent): Record<string, unknown> {
  return {
    ...(more.has('extends') ? { $extends: '_base/common/all' } : {}),
    ...Object.fromEntries([...reads].map(([name, id]) => [`${name}_nickname`, id.split('/')[2]])),
    ...Object.fromEntries([...values].map(([name, value]) => [name, jsonOf(value)])),
  };
}

function textOf(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

class AdageRunner implements OracleRunner {
  readonly #places: Places;
  readonly #started = new Map<string, string>();

  constructor(places: Places) {
    this.#places = places;
  }

  async prepare(estate: GeneratedEstate): Promise<void> {
    await Promise.all(
      estate.roots.map(async (type) => {
        const known = linksOf(estate, type);
        if (this.#started.get(type.key) === known) return;
        await this.#run(type, initArgs);
        this.#started.set(type.key, known);
      }),
    );
  }

  async plan(estate: GeneratedEstate, component: GeneratedComponent) {
    this.#step(moduleOf(estate, component));
    return planned(await this.#run(moduleOf(estate, component), [...planArgs, ...this.#handed(estate, component)]));
  }

  apply(estate: GeneratedEstate, component: GeneratedComponent): Promise<Ran> {
    const state = this.state(estate, component);
    mkdirSync(dirname(state), { recursive: true });
    this.#step(moduleOf(estate, component));
    return this.#run(moduleOf(estate, component), [...applyArgs, ...this.#handed(estate, component)]);
  }

  state(_estate: GeneratedEstate, { id }: GeneratedComponent): string {
    return join(this.#places.data, 'state', fileNameOf(id), 'terraform.tfstate');
  }

  /** What the type's own step does. */
  #step({ folder, files }: GeneratedModule): void {
    const place = join(this.#places.estate, folder);
    const text = files.get('step.txt');
    const made = join(place, 'hooked.txt');
    // Components of one type are planned side by side: what is there already is not written over while another reads it.
    if (text !== undefined && textOf(made) !== text) writeFileSync(made, text);
  }

  #run({ folder, key }: GeneratedModule, args: readonly string[]): Promise<Ran> {
    return run('terraform', join(this.#places.estate, folder), args, {
      TF_DATA_DIR: join(this.#places.own, 'terraform', key),
    });
  }

  /** The variables that a component's module declares: its own words first, then what it reads, then its config. */
  #handed(estate: GeneratedEstate, component: GeneratedComponent): readonly string[] {
    const [environment = '', type = '', nickname = ''] = component.id.split('/');
    const own = ownConfig(component);
    const { $extends: parent, ...said } = own;
    const config = parent === undefined ? said : mergePatch(baseOf(estate), said);
    const read = [...component.reads].map(([name, id]) => [name, this.#outputsOf(estate, id)] as const);
    const all: Record<string, unknown> = {
      ...(config as Record<string, unknown>),
      ...Object.fromEntries(read),
      ...{ component_name: type, nickname, environment, iac_prefix: '/iac', config },
    };
    const declared = moduleOf(estate, component).parts.filter(({ kind }) => kind === 'variable' || kind === 'handed');
    const handed = declared.flatMap(({ name }) => (Object.hasOwn(all, name) ? [[name, all[name]] as const] : []));
    const file = join(this.#places.own, `${fileNameOf(component.id)}.tfvars.json`);
    mkdirSync(this.#places.own, { recursive: true });
    writeFileSync(file, JSON.stringify(Object.fromEntries(handed)));
    return [`-var-file=${file}`, `-state=${this.state(estate, component)}`];
  }

  #outputsOf(estate: GeneratedEstate, id: string): Record<string, unknown> {
    const component = estate.components.find((one) => one.id === id);
    if (component === undefined) return {};
    const { outputs = {} } = JSON.parse(readFileSync(this.state(estate, component), 'utf8')) as {
      readonly outputs?: Readonly<Record<string, { readonly value: unknown; readonly sensitive?: boolean }>>;
    };
    const published = Object.entries(outputs).filter(([, { sensitive }]) => sensitive !== true);
    return Object.fromEntries(published.map(([name, { value }]) => [name, value]));
  }
}
