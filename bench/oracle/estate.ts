import type { Random } from '../random.ts';
import { expression, literal, type Name, type Type } from './expressions.ts';

/** Something that a module says: written by its kind, changed by an edit. */
export interface Part {
  readonly kind: 'variable' | 'local' | 'resource' | 'output' | 'call' | 'data';
  readonly name: string;
  readonly type: Type;
  value: string;
  /** `count = 2`, `for_each = …` of a resource or a call, `''` for none. */
  repeat: string;
  /** What stands above it. */
  comment: string;
  /** The file of the module that it stands in. */
  file: string;
  /** Of a call: the module and what each variable is given. Of a data block: the root that is read. */
  readonly of?: string;
  readonly arguments?: Map<string, string>;
  /** Of an output: what is said of it. Of a resource: what else it holds. */
  more: string;
}

export interface GeneratedModule {
  readonly folder: string;
  readonly parts: Part[];
  /** Values in `terraform.tfvars`, of a root. */
  readonly given: Map<string, string>;
  /** Files that expressions read, and others. */
  readonly files: Map<string, string>;
  readonly isRoot: boolean;
}

/** Roots in an order in which each only reads those before it, and the modules that they call. */
export interface GeneratedEstate {
  readonly roots: GeneratedModule[];
  readonly modules: GeneratedModule[];
}

export const types = ['text', 'number', 'list', 'map'] as const;
const fileNames = ['main.tf', 'main.tf', 'more.tf', 'outputs.tf'] as const;

export function part(random: Random, kind: Part['kind'], name: string, type: Type, value: string): Part {
  return { kind, name, type, value, repeat: '', comment: '', file: random.pick(fileNames), more: '' };
}

/** What expressions of a module may mention: what is declared before a part, so that nothing needs itself. */
export function namesIn(
  estate: GeneratedEstate,
  { parts }: GeneratedModule,
  before: Part | undefined,
  onlyKnown = false,
): Name[] {
  const end = before === undefined ? parts.length : parts.indexOf(before);
  return parts
    .slice(0, end < 0 ? parts.length : end)
    .flatMap((one) => namesOf(estate, one, parts))
    .filter(({ known }) => known || !onlyKnown);
}

function namesOf(estate: GeneratedEstate, one: Part, parts: readonly Part[]): Name[] {
  const { kind, name, type, repeat } = one;
  if (kind === 'variable') return [{ text: `var.${name}`, type, known: true }];
  if (kind === 'local') return [{ text: `local.${name}`, type, known: !restsOnRuns(one, parts) }];
  if (kind === 'resource') {
    const at = `terraform_data.${name}`;
    if (repeat === '')
      return [
        { text: `${at}.output`, type, known: false },
        { text: `${at}.id`, type: 'text', known: false },
      ];
    if (repeat.startsWith('count')) return [{ text: `${at}[*].id`, type: 'list', known: false }];
    return [{ text: `[for k in sort(keys(${at})) : ${at}[k].id]`, type: 'list', known: false }];
  }
  if (kind === 'data') {
    const read = estate.roots.find(({ folder }) => folder === one.of);
    const outputs = (read?.parts ?? []).filter((other) => other.kind === 'output');
    return outputs.map((other) => ({
      text: `data.terraform_remote_state.${name}.outputs.${other.name}`,
      type: other.type,
      known: true,
    }));
  }
  if (kind === 'call') {
    const called = estate.modules.find(({ folder }) => folder === one.of);
    const outputs = (called?.parts ?? []).filter((other) => other.kind === 'output');
    return outputs.flatMap((other): Name[] => {
      if (repeat === '') return [{ text: `module.${name}.${other.name}`, type: other.type, known: false }];
      if (other.type !== 'text') return [];
      return [
        {
          text: repeat.startsWith('count')
            ? `module.${name}[*].${other.name}`
            : `values(module.${name})[*].${other.name}`,
          type: 'list',
          known: false,
        },
      ];
    });
  }
  return [];
}

/** Whether a local mentions what is known after a run only, itself or through others. */
function restsOnRuns({ value }: Part, parts: readonly Part[]): boolean {
  if (/terraform_data\.|module\./.test(value)) return true;
  return [...value.matchAll(/local\.(\w+)/g)].some(([, name]) => {
    const other = parts.find((one) => one.kind === 'local' && one.name === name);
    return other !== undefined && restsOnRuns(other, parts);
  });
}

/** An estate of some roots that read each other's states, and of modules that they share. */
export function generateEstate(random: Random): GeneratedEstate {
  const estate: GeneratedEstate = { roots: [], modules: [] };
  for (let at = 0; at < 2 + random.below(2); at++)
    estate.modules.push(generateModule(random, estate, `modules/m${at}`));
  for (let at = 0; at < 4 + random.below(3); at++) estate.roots.push(generateModule(random, estate, `roots/r${at}`));
  return estate;
}

function generateModule(random: Random, estate: GeneratedEstate, folder: string): GeneratedModule {
  const isRoot = folder.startsWith('roots/');
  const module: GeneratedModule = { folder, parts: [], given: new Map(), files: new Map(), isRoot };
  const { parts } = module;
  for (let at = 0; at < 2 + random.below(2); at++) {
    const type = random.pick(types);
    parts.push(part(random, 'variable', `v${at}`, type, literal(random, type)));
    if (isRoot && random.below(2) === 0) module.given.set(`v${at}`, literal(random, type));
  }
  if (isRoot) {
    const earlier = estate.roots.filter(() => random.below(2) === 0).slice(-3);
    for (const root of earlier)
      parts.push({ ...part(random, 'data', root.folder.replace('/', '_'), 'map', ''), of: root.folder });
  }
  const kinds = ['local', 'resource', 'local', 'call', 'resource', 'local', 'resource'] as const;
  for (const [at, kind] of kinds.entries())
    if (random.below(5) > 0) addPart(random, estate, module, kind, `${kind[0]}${at}`);
  for (let at = 0; at < 3 + random.below(3); at++) addPart(random, estate, module, 'output', `o${at}`);
  return module;
}

export function addPart(
  random: Random,
  estate: GeneratedEstate,
  module: GeneratedModule,
  kind: Part['kind'],
  name: string,
): void {
  const type = random.pick(types);
  const names = namesIn(estate, module, undefined);
  if (kind === 'call') {
    const own = estate.modules.findIndex(({ folder }) => folder === module.folder);
    const called = random.pick(own < 0 ? estate.modules : estate.modules.slice(0, own));
    if (called === undefined) return;
    const given = called.parts
      .filter((one) => one.kind === 'variable' && random.below(4) > 0)
      .map((one) => [one.name, expression(random, one.type, names)] as const);
    module.parts.push({
      ...part(random, 'call', name, 'map', ''),
      of: called.folder,
      arguments: new Map(given),
      repeat: repetition(random, estate, module),
    });
    return;
  }
  const value = random.below(8) === 0 && kind !== 'variable' ? fileRead(random, module, type) : undefined;
  const made = part(random, kind, name, type, value ?? expression(random, type, names));
  if (kind === 'resource') {
    made.repeat = repetition(random, estate, module);
    if (random.below(4) === 0) made.more = `  triggers_replace = ${expression(random, 'text', names)}\n`;
  }
  if (kind === 'output' && random.below(6) === 0) made.more = `  description = "says ${random.below(9)}"\n`;
  module.parts.push(made);
}

/** An expression that reads a file of the module. */
function fileRead(random: Random, module: GeneratedModule, type: Type): string | undefined {
  const name = `data${random.below(3)}.txt`;
  if (type !== 'text' && type !== 'list') return undefined;
  module.files.set(name, module.files.get(name) ?? `word${random.below(90)}\n`);
  const read = `trimspace(file("${'$'}{path.module}/${name}"))`;
  return type === 'text' ? read : `split("", ${read})`;
}

export function repetition(random: Random, estate: GeneratedEstate, module: GeneratedModule): string {
  const chance = random.below(6);
  const names = namesIn(estate, module, undefined, true);
  if (chance === 0) return `count = min(2, ${expression(random, 'number', names, 1)})`;
  if (chance === 1) return `for_each = ${expression(random, 'map', names, 1)}`;
  return '';
}

/** Every file of an estate, by path. */
export function filesOf({ roots, modules }: GeneratedEstate): Map<string, string> {
  const files = new Map<string, string>();
  for (const module of [...roots, ...modules]) {
    const texts = new Map<string, string>();
    const add = (name: string, text: string) => texts.set(name, `${texts.get(name) ?? ''}${text}\n`);
    if (module.isRoot) {
      const state = `../../state/${module.folder.replace('roots/', '')}.tfstate`;
      add('main.tf', `terraform {\n  backend "local" { path = "${state}" }\n}\n`);
    }
    for (const one of module.parts) add(one.file, written(one));
    if (module.given.size > 0)
      add('terraform.tfvars', [...module.given].map(([name, value]) => `${name} = ${value}`).join('\n'));
    for (const [name, text] of [...texts, ...module.files]) files.set(`${module.folder}/${name}`, text);
  }
  files.set('.gitignore', '.terraform/\nstate/\n*.tfstate*\n.terraform.lock.hcl\n');
  return files;
}

const typeNames: Readonly<Record<Type, string>> = {
  text: 'string',
  number: 'number',
  list: 'list(string)',
  map: 'map(string)',
};

function written({
  kind,
  name,
  type,
  value,
  repeat,
  comment,
  more,
  of = '',
  arguments: given = new Map(),
}: Part): string {
  const above = comment === '' ? '' : `# ${comment}\n`;
  const repeated = repeat === '' ? '' : `  ${repeat}\n`;
  switch (kind) {
    case 'variable':
      return `${above}variable "${name}" {\n  type    = ${typeNames[type]}\n  default = ${value}\n${more}}\n`;
    case 'local':
      return `${above}locals {\n  ${name} = ${value}\n}\n`;
    case 'resource':
      return `${above}resource "terraform_data" "${name}" {\n${repeated}  input = ${value}\n${more}}\n`;
    case 'output':
      return `${above}output "${name}" {\n  value = ${value}\n${more}}\n`;
    case 'call': {
      const set = [...given].map(([one, expr]) => `  ${one} = ${expr}\n`).join('');
      return `${above}module "${name}" {\n  source = "../../${of}"\n${repeated}${set}${more}}\n`;
    }
    case 'data':
      return `${above}data "terraform_remote_state" "${name}" {\n  backend = "local"\n  config  = { path = "../../state/${of.replace('roots/', '')}.tfstate" }\n}\n`;
  }
}
