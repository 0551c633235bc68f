import type { Random } from '../random.ts';
import { expression, literal } from './expressions.ts';
import { addPart, repetition, valueFor } from './generate.ts';
import { type GeneratedEstate, type GeneratedModule, namesIn, type Part } from './model.ts';

/** A change that somebody might make, as a function of an estate; answers what it did, undefined where it does not fit. */
export type Edit = (estate: GeneratedEstate, random: Random) => string | undefined;
export type Edits = Readonly<Record<string, Edit>>;

export function anyModule(estate: GeneratedEstate, random: Random): GeneratedModule {
  const all = [...estate.roots, ...estate.modules];
  return all[random.below(all.length)] as GeneratedModule;
}

/** An edit of one part of some kinds. */
function ofPart(
  kinds: readonly Part['kind'][],
  apply: (one: Part, module: GeneratedModule, estate: GeneratedEstate, random: Random) => string | undefined,
): Edit {
  return (estate, random) => {
    const module = anyModule(estate, random);
    const one = random.pick(module.parts.filter(({ kind }) => kinds.includes(kind)));
    const told = one === undefined ? undefined : apply(one, module, estate, random);
    return told === undefined ? undefined : `${module.folder} ${one?.kind} ${one?.name}: ${told}`;
  };
}

/** Edits of what modules say, whatever runs them. */
export const moduleEdits: Edits = {
  value: ofPart(['local', 'resource', 'output', 'resource', 'local'], (one, module, estate, random) => {
    one.value = valueFor(random, estate, module, one.type, one);
    return `is ${one.value}`;
  }),
  literal: ofPart(['local', 'resource', 'output'], (one, _module, _estate, random) => {
    one.value = literal(random, one.type);
    return `is ${one.value}`;
  }),
  wrap: ofPart(['local', 'resource', 'output'], (one) => {
    if (one.value.length > 2000) return undefined;
    one.value = `try(${one.value}, ${one.value})`;
    return 'is the same, otherwise';
  }),
  argument: ofPart(['call'], (one, module, estate, random) => {
    const called = estate.modules.find(({ key }) => key === one.of);
    const variable = random.pick(called?.parts.filter(({ kind }) => kind === 'variable') ?? []);
    if (variable === undefined || one.arguments === undefined) return undefined;
    if (one.arguments.has(variable.name) && random.below(3) === 0) {
      one.arguments.delete(variable.name);
      return `${variable.name} is not given`;
    }
    one.arguments.set(variable.name, expression(random, variable.type, namesIn(estate, module, one)));
    return `${variable.name} is ${one.arguments.get(variable.name)}`;
  }),
  repeat: ofPart(['resource', 'call'], (one, module, estate, random) => {
    const before = one.repeat;
    one.repeat =
      before === ''
        ? ''
        : repetition(random, estate, { ...module, parts: module.parts.slice(0, module.parts.indexOf(one)) });
    // What mentions it would have to change with it.
    if (one.repeat.split(' ')[0] !== before.split(' ')[0]) one.repeat = before;
    return one.repeat === before ? undefined : `${one.repeat}`;
  }),
  default: ofPart(['variable'], (one, _module, _estate, random) => {
    one.value = literal(random, one.type);
    return `default ${one.value}`;
  }),
  said: ofPart(['output', 'variable'], (one, _module, _estate, random) => {
    if (one.more !== '' && !one.more.includes('description')) return undefined;
    one.more = `  description = "says ${random.below(1000)}"\n`;
    return 'is described';
  }),
  comment: ofPart(['local', 'resource', 'output', 'variable', 'call', 'data', 'handed'], (one, _m, _e, random) => {
    one.comment = `note ${random.below(1000)}`;
    return 'has a comment';
  }),
  format: ofPart(['local', 'resource', 'output'], (one) => {
    one.value = one.value.startsWith('(') ? `( ${one.value} )` : `(\n    ${one.value}\n  )`;
    return one.value.length > 2000 ? undefined : 'stands on lines of its own';
  }),
  file: ofPart(['local', 'resource', 'output', 'variable', 'call', 'data'], (one, _module, _estate, random) => {
    one.file = one.file === 'main.tf' ? 'more.tf' : `other${random.below(2)}.tf`;
    return `stands in ${one.file}`;
  }),
  idle: (estate, random) => {
    const module = anyModule(estate, random);
    module.files.set('idle.tf', `locals {\n  idle = ${literal(random, 'text')}\n}\n`);
    return `${module.folder} has a local that nobody reads`;
  },
  'nested module': (estate, random) => {
    const module = anyModule(estate, random);
    const text = expression(random, 'text', namesIn(estate, module, undefined));
    module.files.set(
      'nest.tf',
      `module "nest" {\n  source = "./nest"\n  a      = ${text}\n}\noutput "nested" {\n  value = module.nest.o\n}\n`,
    );
    if (!module.files.has('nest/main.tf') || random.below(2) === 0) module.files.set('nest/main.tf', nested(random));
    return `${module.folder}/nest is given ${text}`;
  },
  'code of a nested module': (estate, random) => {
    const module = anyModule(estate, random);
    if (!module.files.has('nest/main.tf')) return undefined;
    module.files.set('nest/main.tf', nested(random));
    return `${module.folder}/nest`;
  },
  'default of a null': (estate, random) => {
    const root = random.pick(estate.roots);
    const one = random.pick(root?.parts.filter(({ kind }) => kind === 'variable') ?? []);
    if (root === undefined || one === undefined) return undefined;
    one.more = '  nullable = false\n';
    root.files.set('n.auto.tfvars', `${one.name} = null\n`);
    return `${root.folder} ${one.name} is null`;
  },
  rename: ofPart(['local', 'variable', 'call', 'resource', 'output'], (one, module, estate, random) => {
    const name = `${one.kind[0]}n${random.below(10_000)}`;
    const was = one.name;
    // Two of three times those who mention it follow.
    const follow = random.below(3) > 0;
    if (one.kind === 'resource' && follow && random.below(2) === 0)
      module.files.set('moved.tf', `moved {\n  from = terraform_data.${was}\n  to   = terraform_data.${name}\n}\n`);
    one.name = name;
    if (follow) renamed(estate, module, one, was);
    return `${was} is called ${name}${follow ? ', by all' : ''}`;
  }),
  sensitive: ofPart(['output', 'variable', 'output'], (one) => {
    if (one.more !== '' && !one.more.includes('sensitive')) return undefined;
    one.more = one.more === '' ? '  sensitive = true\n' : '';
    return one.more === '' ? 'is not sensitive' : 'is sensitive';
  }),
  add: (estate, random) => {
    const module = anyModule(estate, random);
    const kind = random.pick(['local', 'resource', 'output'] as const);
    const name = `${kind[0]}x${random.below(10_000)}`;
    addPart(random, estate, module, kind, name);
    return `${module.folder} ${kind} ${name} is new`;
  },
  remove: (estate, random) => {
    const module = anyModule(estate, random);
    const one = random.pick(module.parts.filter(({ kind }) => !['variable', 'data', 'handed'].includes(kind)));
    if (one === undefined || isMentioned(one, module, estate)) return undefined;
    module.parts.splice(module.parts.indexOf(one), 1);
    return `${module.folder} ${one.kind} ${one.name} is gone`;
  },
  provision: ofPart(['resource'], (one, _module, _estate, random) => {
    one.more = `  lifecycle {\n    ignore_changes = [${random.below(2) === 0 ? 'input' : 'triggers_replace'}]\n  }\n`;
    return 'ignores changes';
  }),
  condition: ofPart(['output'], (one, module, estate, random) => {
    const asked = expression(random, 'text', namesIn(estate, module, one), 1);
    one.more = `  precondition {\n    condition     = length(${asked}) ${random.below(4) === 0 ? '> 12' : '>= 0'}\n    error_message = "too short"\n  }\n`;
    return `asks for ${asked}`;
  }),
};

function nested(random: Random): string {
  const value = random.pick(['var.a', '"${var.a}!"', `"${random.below(100)}"`, 'upper(var.a)']);
  return `variable "a" {\n  default = "d${random.below(3)}"\n}\noutput "o" {\n  value = ${value}\n}\n`;
}

const textsOf = (one: Part) => [one.value, one.repeat, one.more, ...(one.arguments?.values() ?? [])];

/** Whether anybody names a part; outputs are named from elsewhere. */
function isMentioned(one: Part, module: GeneratedModule, estate: GeneratedEstate): boolean {
  const name = new RegExp(`\\b${one.name}\\b`);
  const everywhere = [...estate.roots, ...estate.modules].flatMap((other) =>
    other === module || one.kind === 'output' ? other.parts.flatMap((each) => (each === one ? [] : textsOf(each))) : [],
  );
  const given = estate.components.flatMap(({ values }) => [...values.values()]);
  return [...everywhere, ...given].some((text) => name.test(text));
}

const prefixes: Partial<Record<Part['kind'], string>> = {
  local: 'local\\.',
  variable: 'var\\.',
  call: 'module\\.',
  resource: 'terraform_data\\.',
};

/** Lets everybody who mentions a part mention its new name. Of an output that is everybody who reads any of that name. */
function renamed(estate: GeneratedEstate, module: GeneratedModule, one: Part, was: string): void {
  const prefix = prefixes[one.kind];
  const places = prefix === undefined ? [...estate.roots, ...estate.modules] : [module];
  const name = new RegExp(`${prefix ?? '(?<=[\\w\\]]\\.)'}${was}\\b`, 'g');
  const replaced = (text: string) =>
    text.replaceAll(name, (found) => `${found.slice(0, found.length - was.length)}${one.name}`);
  for (const { parts } of places)
    for (const each of parts) {
      each.value = replaced(each.value);
      each.repeat = replaced(each.repeat);
      each.more = replaced(each.more);
      for (const [key, value] of each.arguments ?? []) each.arguments?.set(key, replaced(value));
    }
  if (prefix === undefined)
    for (const { values } of estate.components) for (const [key, value] of values) values.set(key, replaced(value));
  if (one.kind !== 'variable') return;
  move(module.given, was, one.name);
  for (const { runs, values } of estate.components) if (runs === module.key) move(values, was, one.name);
  for (const { parts } of [...estate.roots, ...estate.modules])
    for (const each of parts) if (each.of === module.key) move(each.arguments ?? new Map(), was, one.name);
}

function move(map: Map<string, string>, from: string, to: string): void {
  const value = map.get(from);
  if (value === undefined) return;
  map.delete(from);
  map.set(to, value);
}
