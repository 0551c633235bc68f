import type { Random } from '../random.ts';
import { expression, type Name, type Type } from './expressions.ts';
import type { GeneratedEstate, GeneratedModule } from './model.ts';

/** What a form of a read needs: it makes the files that it reads, and answers an expression. */
interface Reading {
  readonly random: Random;
  readonly estate: GeneratedEstate;
  readonly module: GeneratedModule;
  readonly names: readonly Name[];
}

type Form = (reading: Reading) => string;

const here = '${path.module}';
const word = (random: Random) => `word${random.below(90)}\n`;

function file({ module, random }: Reading, name: string, text = word(random)): string {
  module.files.set(name, module.files.get(name) ?? text);
  return name;
}

function sharedFile({ estate, random }: Reading, name: string): string {
  estate.files.set(`shared/${name}`, estate.files.get(`shared/${name}`) ?? word(random));
  return name;
}

function link({ module }: Reading, name: string, target: string): void {
  module.links.set(name, target);
}

const some = (reading: Reading) => file(reading, `data${reading.random.below(3)}.txt`);
const listed = (reading: Reading) => {
  for (const name of ['conf/a.txt', 'conf/b.txt', 'conf/deep/c.txt']) file(reading, name);
};

const texts: readonly Form[] = [
  (reading) => `trimspace(file("${here}/${some(reading)}"))`,
  (reading) => `filesha256("${here}/${some(reading)}")`,
  (reading) => `filemd5(abspath("${here}/${some(reading)}"))`,
  (reading) => `trimspace(file(join("/", [path.module, "${some(reading)}"])))`,
  (reading) => `base64decode(filebase64("${here}/./${some(reading)}"))`,
  (reading) => {
    const text = expression(reading.random, 'text', reading.names, 1);
    file(reading, 'page.tftpl', 'Dear %{ if length(who) > 3 }${who}%{ else }you%{ endif },\n');
    return `templatefile("${here}/page.tftpl", { who = ${text} })`;
  },
  (reading) => `(fileexists("${here}/${reading.random.pick(['maybe.txt', 'data0.txt'])}") ? "yes" : "no")`,
  (reading) =>
    `trimspace(try(file("${here}/${'$'}{${expression(reading.random, 'text', reading.names, 0)}}.txt"), "-"))`,
  (reading) => `trimspace(file("${'$'}{path.root}/../../shared/${sharedFile(reading, 's0.txt')}"))`,
  (reading) => `trimspace(file("${here}/../../shared/${sharedFile(reading, 's1.txt')}"))`,
  (reading) => {
    file(reading, 'some.json', '{ "a": "one", "b": 2 }\n');
    return `tostring(jsondecode(file("${here}/some.json")).${reading.random.pick(['a', 'b'])})`;
  },
  (reading) => {
    file(reading, 'some.yaml', 'a: one # of many\nb: [x, y]\n');
    return `yamldecode(file("${here}/some.yaml")).a`;
  },
  (reading) => {
    link(reading, 'linked.txt', `../../shared/${sharedFile(reading, 's2.txt')}`);
    return `trimspace(file("${here}/linked.txt"))`;
  },
  (reading) => {
    link(reading, 'lib', '../../shared/lib');
    sharedFile(reading, 'lib/x.txt');
    return `trimspace(file("${here}/lib/x.txt"))`;
  },
  () => 'basename(abspath(path.module))',
  // A hook, or a step, may write it before a run.
  () => `trimspace(try(file("${here}/hooked.txt"), "no hook"))`,
  () => `join(",", sort(fileset(path.module, "hooked.*")))`,
];

/** Files that modules share: named one by one, or listed, from wherever a module lies. */
const shared = (reading: Reading) => {
  for (const name of ['lib/x.txt', 'lib/y.txt', 's0.txt']) sharedFile(reading, name);
  return `${here}/../../shared`;
};

const lists: readonly Form[] = [
  (reading) => `sort(fileset("${shared(reading)}", "${reading.random.pick(['*.txt', 'lib/*', '**/*.txt'])}"))`,
  (reading) =>
    `[for f in sort(fileset("${shared(reading)}/lib", "**")) : filemd5("${here}/../../shared/lib/${'$'}{f}")]`,
  (reading) => `split("", trimspace(file("${here}/${some(reading)}")))`,
  (reading) => {
    listed(reading);
    return `sort(fileset(path.module, "conf/${reading.random.pick(['*.txt', '**', '{a,b}.txt', '?.txt'])}"))`;
  },
  (reading) => {
    listed(reading);
    return `[for f in sort(fileset("${here}/conf", "**/*.txt")) : filemd5("${here}/conf/${'$'}{f}")]`;
  },
  (reading) => {
    link(reading, 'lib', '../../shared/lib');
    sharedFile(reading, 'lib/x.txt');
    return `sort(fileset("${here}/lib", "*"))`;
  },
];

const maps: readonly Form[] = [
  (reading) =>
    `{ for f in fileset("${shared(reading)}/lib", "*.txt") : f => trimspace(file("${here}/../../shared/lib/${'$'}{f}")) }`,
  (reading) => {
    listed(reading);
    return `{ for f in fileset("${here}/conf", "*.txt") : f => trimspace(file("${here}/conf/${'$'}{f}")) }`;
  },
  (reading) => {
    file(reading, 'all.json', '{ "a": "one", "b": "two" }\n');
    return `{ for k, v in jsondecode(file("${here}/all.json")) : k => tostring(v) }`;
  },
];

const numbers: readonly Form[] = [
  (reading) => `length(fileset("${shared(reading)}/lib", "**"))`,
  (reading) => `length(file("${here}/${some(reading)}"))`,
];

const forms: Readonly<Record<Type, readonly Form[]>> = { text: texts, list: lists, map: maps, number: numbers };

/** An expression that reads a file, in one of the ways in which modules do. */
export function fileRead(reading: Reading, type: Type): string {
  return (reading.random.pick(forms[type]) ?? (() => '""'))(reading);
}

/** Instances by the files that there are. */
export function repeatedByFiles(reading: Reading): string {
  if (reading.random.below(2) === 0) return `for_each = fileset("${shared(reading)}/lib", "*.txt")`;
  listed(reading);
  return `for_each = fileset("${here}/conf", "*.txt")`;
}
