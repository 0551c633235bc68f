import type { Random } from '../random.ts';
import type { Name, Type } from './expressions.ts';

/** What is generated: an estate of any layout, as data that edits change and that is written to files. */

/** Something that a module says: written by its kind, changed by an edit. */
export interface Part {
  readonly kind: 'variable' | 'local' | 'resource' | 'output' | 'call' | 'data' | 'handed';
  name: string;
  readonly type: Type;
  value: string;
  /** `count = 2`, `for_each = …` of a resource or a call, `''` for none. */
  repeat: string;
  /** What stands above it. */
  comment: string;
  /** The file of the module that it stands in. */
  file: string;
  /** Of a call: the module and what each variable is given. Of a data block: the root that is read. Of what is handed: the type. */
  of?: string;
  readonly arguments?: Map<string, string>;
  /** Of an output or a variable: what is said of it. Of a resource: what else it holds. */
  more: string;
}

export interface GeneratedModule {
  folder: string;
  /** Names the state of a root, wherever its folder moves. */
  readonly key: string;
  readonly parts: Part[];
  /** Values in variable files, of a root: by name. */
  readonly given: Map<string, string>;
  /** The file that they stand in. */
  givenIn: string;
  /** Files that expressions read, and others, by their name in the folder. */
  readonly files: Map<string, string>;
  /** Symbolic links in the folder: what they lead to. */
  readonly links: Map<string, string>;
  readonly isRoot: boolean;
}

/** What is run. Of plain Terraform a component is its root module, and nothing else is said of it. */
export interface GeneratedComponent {
  /** As Karma names it. */
  id: string;
  /** The `key` of the module that it runs. */
  readonly runs: string;
  /** What it is given: keys of a config as JSON, inputs of a unit as expressions. */
  readonly values: Map<string, string>;
  /** Whose outputs it reads: a name in the module or the unit, and the component's id. */
  readonly reads: Map<string, string>;
  /** Whatever else an edit turned on. */
  readonly more: Map<string, string>;
}

export interface GeneratedEstate {
  readonly layout: 'terraform' | 'adage' | 'terragrunt';
  /** Modules that others call, each calling those before it only. */
  readonly modules: GeneratedModule[];
  /** Modules that are run. */
  readonly roots: GeneratedModule[];
  /** In an order in which each only reads those before it. */
  readonly components: GeneratedComponent[];
  /** Of no module: by path. */
  readonly files: Map<string, string>;
  /** Files that anybody may execute. */
  readonly executable: Set<string>;
  /** Values that shared files of the layout hold. */
  readonly shared: Map<string, string>;
}

export const types = ['text', 'number', 'list', 'map'] as const;
const fileNames = ['main.tf', 'main.tf', 'more.tf', 'outputs.tf'] as const;

export function part(random: Random, kind: Part['kind'], name: string, type: Type, value: string): Part {
  return { kind, name, type, value, repeat: '', comment: '', file: random.pick(fileNames), more: '' };
}

export function emptyModule(folder: string, isRoot: boolean): GeneratedModule {
  const key = folder.slice(folder.lastIndexOf('/') + 1);
  const files = new Map<string, string>();
  return { folder, key, parts: [], given: new Map(), givenIn: 'terraform.tfvars', files, links: new Map(), isRoot };
}

export function moduleOf(estate: GeneratedEstate, { runs }: GeneratedComponent): GeneratedModule {
  const found = estate.roots.find(({ key }) => key === runs);
  if (found === undefined) throw new Error(`no module ${runs}`);
  return found;
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

function outputsAs(module: GeneratedModule | undefined, prefix: string, known: boolean): Name[] {
  const outputs = (module?.parts ?? []).filter(({ kind, more }) => kind === 'output' && !more.includes('sensitive'));
  return outputs.map(({ name, type }) => ({ text: `${prefix}.${name}`, type, known }));
}

/** What readers of a module's outputs may mention. */
export function outputNames(module: GeneratedModule | undefined, prefix: string): Name[] {
  return outputsAs(module, prefix, true);
}

function namesOf(estate: GeneratedEstate, one: Part, parts: readonly Part[]): Name[] {
  const { kind, name, type, repeat } = one;
  switch (kind) {
    case 'variable':
      return one.more.includes('sensitive') ? [] : [{ text: `var.${name}`, type, known: true }];
    case 'local':
      return [{ text: `local.${name}`, type, known: !restsOnRuns(one, parts) }];
    case 'data':
      return outputsAs(
        estate.roots.find(({ key }) => key === one.of),
        `data.terraform_remote_state.${name}.outputs`,
        true,
      );
    case 'handed':
      if (name === 'config') return [{ text: 'try(tostring(var.config.extra), "none")', type: 'text', known: true }];
      return outputsAs(
        estate.roots.find(({ key }) => key === one.of),
        `var.${name}`,
        true,
      );
    case 'resource': {
      const at = `terraform_data.${name}`;
      if (repeat === '')
        return [
          { text: `${at}.output`, type, known: false },
          { text: `${at}.id`, type: 'text', known: false },
        ];
      if (repeat.startsWith('count')) return [{ text: `${at}[*].id`, type: 'list', known: false }];
      return [{ text: `[for k in sort(keys(${at})) : ${at}[k].id]`, type: 'list', known: false }];
    }
    case 'call': {
      const outputs = outputsAs(
        estate.modules.find(({ key }) => key === one.of),
        '',
        false,
      );
      const star = repeat.startsWith('count') ? `module.${name}[*]` : `values(module.${name})[*]`;
      return outputs.flatMap((output): Name[] => {
        if (repeat === '') return [{ ...output, text: `module.${name}${output.text}` }];
        return output.type === 'text' ? [{ text: `${star}${output.text}`, type: 'list', known: false }] : [];
      });
    }
    case 'output':
      return [];
  }
}

/** Whether a local mentions what is known after a run only, itself or through others. */
function restsOnRuns({ value }: Part, parts: readonly Part[]): boolean {
  if (/terraform_data\.|module\./.test(value)) return true;
  return [...value.matchAll(/local\.(\w+)/g)].some(([, name]) => {
    const other = parts.find((one) => one.kind === 'local' && one.name === name);
    return other !== undefined && restsOnRuns(other, parts);
  });
}
