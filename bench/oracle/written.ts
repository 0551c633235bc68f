import type { Type } from './expressions.ts';
import type { GeneratedEstate, GeneratedModule, Part } from './model.ts';

/** What lies at a path: a text, or where a link leads to. */
export type Written = { readonly text: string; readonly executable: boolean } | { readonly link: string };
export type Files = Map<string, Written>;

export function put(files: Files, path: string, text: string): void {
  files.set(path, { text, executable: false });
}

/** Files of modules and of no module; those of the layout come on top. */
export function commonFiles(estate: GeneratedEstate): Files {
  const files: Files = new Map();
  for (const [path, text] of estate.files) put(files, path, text);
  for (const module of [...estate.roots, ...estate.modules]) writeModule(estate, module, files);
  for (const path of estate.executable) {
    const found = files.get(path);
    if (found !== undefined && 'text' in found) files.set(path, { ...found, executable: true });
  }
  return files;
}

function writeModule(estate: GeneratedEstate, module: GeneratedModule, files: Files): void {
  const texts = new Map<string, string>();
  const add = (name: string, text: string) => texts.set(name, `${texts.get(name) ?? ''}${text}\n`);
  for (const one of module.parts) add(one.file, written(one, estate));
  // One that is named on the command line must be there.
  if (module.given.size > 0 || module.givenIn.includes('/')) add(module.givenIn, givenText(module));
  for (const [name, text] of [...texts, ...module.files]) put(files, `${module.folder}/${name}`, text);
  for (const [name, target] of module.links) files.set(`${module.folder}/${name}`, { link: target });
}

function givenText({ given, givenIn }: GeneratedModule): string {
  if (!givenIn.endsWith('.json')) return [...given].map(([name, value]) => `${name} = ${value}`).join('\n');
  return JSON.stringify(Object.fromEntries([...given].map(([name, value]) => [name, jsonOf(value)])), null, 2);
}

/** A literal as JSON. */
export function jsonOf(literal: string): unknown {
  return JSON.parse(literal.replaceAll(/(\w+) = /g, '"$1": '));
}

const typeNames: Readonly<Record<Type, string>> = {
  text: 'string',
  number: 'number',
  list: 'list(string)',
  map: 'map(string)',
};

function written(one: Part, { modules }: GeneratedEstate): string {
  const { kind, name, type, value, repeat, comment, more, of = '', arguments: given = new Map() } = one;
  const above = comment === '' ? '' : `# ${comment}\n`;
  const repeated = repeat === '' ? '' : `  ${repeat}\n`;
  switch (kind) {
    case 'variable':
      return `${above}variable "${name}" {\n  type    = ${typeNames[type]}\n  default = ${value}\n${more}}\n`;
    case 'handed':
      return `${above}variable "${name}" {\n  type = any\n${more}}\n`;
    case 'local':
      return `${above}locals {\n  ${name} = ${value}\n}\n`;
    case 'resource':
      return `${above}resource "terraform_data" "${name}" {\n${repeated}  input = ${value}\n${more}}\n`;
    case 'output':
      return `${above}output "${name}" {\n  value = ${value}\n${more}}\n`;
    case 'call': {
      const folder = modules.find(({ key }) => key === of)?.folder ?? of;
      const set = [...given].map(([one, expr]) => `  ${one} = ${expr}\n`).join('');
      return `${above}module "${name}" {\n  source = "../../${folder}"\n${repeated}${set}${more}}\n`;
    }
    case 'data':
      return `${above}data "terraform_remote_state" "${name}" {\n  backend = "local"\n  config  = { path = "../../state/${of}.tfstate" }\n}\n`;
  }
}
