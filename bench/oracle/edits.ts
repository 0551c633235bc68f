import type { Random } from '../random.ts';
import { addPart, type GeneratedEstate, type GeneratedModule, namesIn, type Part, repetition } from './estate.ts';
import { expression, literal } from './expressions.ts';

/** A change that somebody might make, as a function of an estate; answers what it did, undefined where it does not fit. */
export type Edit = (estate: GeneratedEstate, random: Random) => string | undefined;

function anyModule(estate: GeneratedEstate, random: Random): GeneratedModule {
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

export const edits: Readonly<Record<string, Edit>> = {
  value: ofPart(['local', 'resource', 'output', 'resource', 'local'], (one, module, estate, random) => {
    one.value = expression(random, one.type, namesIn(estate, module, one));
    return `is ${one.value}`;
  }),
  literal: ofPart(['local', 'resource', 'output'], (one, _module, _estate, random) => {
    one.value = literal(random, one.type);
    return `is ${one.value}`;
  }),
  wrap: ofPart(['local', 'resource', 'output'], (one) => {
    one.value = `try(${one.value}, ${one.value})`;
    return 'is the same, otherwise';
  }),
  argument: ofPart(['call'], (one, module, estate, random) => {
    const called = estate.modules.find(({ folder }) => folder === one.of);
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
  given: (estate, random) => {
    const root = estate.roots[random.below(estate.roots.length)] as GeneratedModule;
    const one = random.pick(root.parts.filter(({ kind }) => kind === 'variable'));
    if (one === undefined) return undefined;
    if (root.given.has(one.name) && random.below(3) === 0) root.given.delete(one.name);
    else root.given.set(one.name, literal(random, one.type));
    return `${root.folder} terraform.tfvars ${one.name} = ${root.given.get(one.name) ?? ''}`;
  },
  said: ofPart(['output', 'variable'], (one, _module, _estate, random) => {
    one.more = `  description = "says ${random.below(1000)}"\n`;
    return 'is described';
  }),
  comment: ofPart(['local', 'resource', 'output', 'variable', 'call', 'data'], (one, _module, _estate, random) => {
    one.comment = `note ${random.below(1000)}`;
    return 'has a comment';
  }),
  file: ofPart(['local', 'resource', 'output', 'variable', 'call', 'data'], (one, _module, _estate, random) => {
    one.file = one.file === 'main.tf' ? 'more.tf' : `other${random.below(2)}.tf`;
    return `stands in ${one.file}`;
  }),
  content: (estate, random) => {
    const module = anyModule(estate, random);
    const name = random.pick([...module.files.keys()]);
    if (name === undefined) return undefined;
    module.files.set(name, `word${random.below(1000)}\n`);
    return `${module.folder}/${name}`;
  },
  readme: (estate, random) => {
    const module = anyModule(estate, random);
    module.files.set('README.md', `It is number ${random.below(1000)}.\n`);
    return `${module.folder}/README.md`;
  },
  add: (estate, random) => {
    const module = anyModule(estate, random);
    const kind = random.pick(['local', 'resource', 'output'] as const);
    const name = `${kind[0]}x${random.below(10_000)}`;
    addPart(random, estate, module, kind, name);
    return `${module.folder} ${kind} ${name} is new`;
  },
  remove: (estate, random) => {
    const module = anyModule(estate, random);
    const one = random.pick(module.parts.filter(({ kind }) => kind !== 'variable' && kind !== 'data'));
    if (one === undefined || isMentioned(one, module, estate)) return undefined;
    module.parts.splice(module.parts.indexOf(one), 1);
    return `${module.folder} ${one.kind} ${one.name} is gone`;
  },
  provision: ofPart(['resource'], (one, _module, _estate, random) => {
    one.more = `  lifecycle {\n    ignore_changes = [${random.below(2) === 0 ? 'input' : 'triggers_replace'}]\n  }\n`;
    return 'ignores changes';
  }),
};

/** Whether anybody names a part; outputs are named from elsewhere. */
function isMentioned(one: Part, module: GeneratedModule, estate: GeneratedEstate): boolean {
  const name = new RegExp(`\\b${one.name}\\b`);
  const texts = [...estate.roots, ...estate.modules].flatMap((other) =>
    other === module || one.kind === 'output'
      ? other.parts.flatMap((each) =>
          each === one ? [] : [each.value, each.repeat, each.more, ...(each.arguments?.values() ?? [])],
        )
      : [],
  );
  return texts.some((text) => name.test(text));
}
