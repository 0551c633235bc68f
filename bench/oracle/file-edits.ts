import type { Random } from '../random.ts';
import { anyModule, type Edits } from './edits.ts';
import { literal } from './expressions.ts';
import { type GeneratedEstate, type GeneratedModule, moduleOf } from './model.ts';

const here = '${path.module}';
const word = (random: Random) => `word${random.below(1000)}\n`;
const isData = (name: string) => /\.(txt|json|yaml|tftpl)$/.test(name) && !name.endsWith('.tfvars.json');

function changedText(name: string, before: string, random: Random): string {
  const number = random.below(1000);
  if (name.endsWith('.json')) return `{ "a": "one${random.below(3)}", "b": ${number} }\n`;
  if (name.endsWith('.yaml'))
    return random.below(2) === 0 ? `a: one${number}\nb: [x]\n` : `# note ${number}\na: one\nb: [x, y, z]\n`;
  if (name.endsWith('.tftpl')) return `Dear ${'$'}{who} no ${number},\n`;
  return random.below(3) === 0 ? before.trimEnd() : `word${number}\n`;
}

/** Edits of files that modules read, and of files that nobody does. */
export const fileEdits: Edits = {
  content: (estate, random) => {
    const module = anyModule(estate, random);
    const name = random.pick([...module.files.keys()].filter(isData));
    if (name === undefined) return undefined;
    module.files.set(name, changedText(name, module.files.get(name) ?? '', random));
    return `${module.folder}/${name}`;
  },
  'shared file': (estate, random) => {
    const path = random.pick([...estate.files.keys()].filter((one) => one.startsWith('shared/') && isData(one)));
    if (path === undefined) return undefined;
    estate.files.set(path, word(random));
    return path;
  },
  'new file': (estate, random) => {
    const module = anyModule(estate, random);
    const name = random.pick(['maybe.txt', 'conf/new.txt', 'conf/deep/er/d.txt', 'conf/x.md', 'data0.txt', 'z.txt']);
    if (name === undefined || module.files.has(name)) return undefined;
    module.files.set(name, word(random));
    return `${module.folder}/${name}`;
  },
  'shared new file': (estate, random) => {
    const path = `shared/${random.pick(['lib/y.txt', 'lib/z.txt', 'lib/deep/w.txt', 's7.txt'])}`;
    if (!estate.files.delete(path)) estate.files.set(path, word(random));
    return path;
  },
  'no file': (estate, random) => {
    const module = anyModule(estate, random);
    const name = random.pick([...module.files.keys()].filter((one) => /^(conf\/|maybe|data)/.test(one)));
    if (name === undefined) return undefined;
    module.files.delete(name);
    return `${module.folder}/${name} is gone`;
  },
  'renamed file': (estate, random) => {
    const module = anyModule(estate, random);
    const name = random.pick([...module.files.keys()].filter((one) => /^data\d\.txt$/.test(one)));
    if (name === undefined) return undefined;
    const to = `data${random.below(1000)}.txt`;
    module.files.set(to, module.files.get(name) ?? '');
    module.files.delete(name);
    for (const one of module.parts) one.value = one.value.replaceAll(name, to);
    return `${module.folder}/${name} is ${to}`;
  },
  'a value that names a file': (estate, random) => {
    const module = anyModule(estate, random);
    const text = random.pick(module.parts.filter(({ kind, type }) => kind === 'variable' && type === 'text'));
    if (text === undefined) return undefined;
    text.value = `"${random.pick(['data0', 'data1', 'nope'])}"`;
    module.given.delete(text.name);
    return `${module.folder} ${text.name} is ${text.value}`;
  },
  link: (estate, random) => {
    const module = anyModule(estate, random);
    const name = random.pick([...module.links.keys()]);
    if (name === undefined) return undefined;
    const isFolder = name === 'lib';
    const target = isFolder ? `shared/lib${random.below(3)}` : `shared/s${random.below(4)}.txt`;
    estate.files.set(isFolder ? `${target}/x.txt` : target, word(random));
    module.links.set(name, `../../${target}`);
    return `${module.folder}/${name} leads to ${target}`;
  },
  'a file for a link': (estate, random) => {
    const module = anyModule(estate, random);
    const name = random.pick([...module.links.keys()].filter((one) => one.endsWith('.txt')));
    if (name === undefined) return undefined;
    module.links.delete(name);
    module.files.set(name, word(random));
    return `${module.folder}/${name} is no link`;
  },
  'linked variables': (estate, random) => {
    const root = random.pick(estate.roots);
    const one = random.pick(root?.parts.filter(({ kind }) => kind === 'variable') ?? []);
    if (root === undefined || one === undefined) return undefined;
    estate.files.set(`shared/${root.key}.tfvars`, `${one.name} = ${literal(random, one.type)}\n`);
    root.links.set('linked.auto.tfvars', `../../shared/${root.key}.tfvars`);
    return `${root.folder} ${one.name}`;
  },
  'linked code': (estate, random) => {
    const module = anyModule(estate, random);
    const text = random.pick(['path.module', `"word${random.below(50)}"`, `fileexists("${here}/maybe.txt")`]);
    estate.files.set(`shared/code${random.below(2)}.tf`, `output "linked" {\n  value = ${text}\n}\n`);
    const target = random.pick([...estate.files.keys()].filter((path) => /^shared\/code\d\.tf$/.test(path)));
    module.links.set('linked.tf', `../../${target}`);
    return `${module.folder}/linked.tf leads to ${target}`;
  },
  mode: (estate, random) => {
    const module = anyModule(estate, random);
    const name = random.pick([...module.files.keys()]);
    if (name === undefined) return undefined;
    const path = `${module.folder}/${name}`;
    if (!estate.executable.delete(path)) estate.executable.add(path);
    return path;
  },
  readme: (estate, random) => {
    const module = anyModule(estate, random);
    module.files.set('README.md', `It is number ${random.below(1000)}.\n`);
    return `${module.folder}/README.md`;
  },
  'no code': (estate, random) => {
    const module = anyModule(estate, random);
    const name = random.pick(['main.tf~', '.hidden.tf', '#main.tf#', 'sub/main.tf', 'tests/a.tftest.hcl', 'x.tf.bak']);
    if (name === undefined) return undefined;
    // Terraform reads tests when it is initialised, and stops at a broken one.
    const block = name.startsWith('tests/') ? 'variables' : 'locals';
    module.files.set(name, `# ${word(random)}${block} {\n  x = ${random.below(1000)}\n}\n`);
    return `${module.folder}/${name}`;
  },
  override: (estate, random) => {
    const module = anyModule(estate, random);
    const one = random.pick(module.parts.filter(({ kind, more }) => kind === 'output' && more === ''));
    if (one === undefined) return undefined;
    module.files.set('x_override.tf', `output "${one.name}" {\n  value = ${literal(random, one.type)}\n}\n`);
    return `${module.folder} ${one.name}`;
  },
  'lock file': (estate, random) => {
    const root = random.pick(estate.roots);
    if (root === undefined) return undefined;
    root.files.set('.terraform.lock.hcl', `# Kept by hand: ${random.below(1000)}\n`);
    return `${root.folder}/.terraform.lock.hcl`;
  },
  'documents beside': (estate, random) => {
    const path = random.pick(['docs/a.md', '.editorconfig', '.ci/build.yml', 'LICENSE', 'docs/picture.svg']);
    if (path === undefined) return undefined;
    estate.files.set(path, word(random));
    return path;
  },
  'moved module': (estate, random) => {
    const module = random.pick(estate.modules);
    if (module === undefined) return undefined;
    moveTo(estate, module, `modules/${module.key}-${random.below(1000)}`);
    return `${module.key} lies in ${module.folder}`;
  },
};

/** Moves a module's folder; what is executable in it stays so. */
export function moveTo(estate: GeneratedEstate, module: GeneratedModule, folder: string): void {
  for (const path of [...estate.executable])
    if (path.startsWith(`${module.folder}/`)) {
      estate.executable.delete(path);
      estate.executable.add(folder + path.slice(module.folder.length));
    }
  for (const component of estate.components)
    if (component.id === module.folder && moduleOf(estate, component) === module) component.id = folder;
  module.folder = folder;
}
