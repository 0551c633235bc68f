import type { Random } from '../random.ts';
import { expression, literal } from './expressions.ts';
import { emptyModule, type GeneratedEstate, type GeneratedModule, namesIn, type Part, part, types } from './model.ts';
import { fileRead, repeatedByFiles } from './reads.ts';

export function emptyEstate(layout: GeneratedEstate['layout']): GeneratedEstate {
  const maps = { files: new Map<string, string>(), shared: new Map<string, string>(), executable: new Set<string>() };
  return { layout, modules: [], roots: [], components: [], ...maps };
}

/** Modules that are called: each may call those before it. */
export function addModules(random: Random, estate: GeneratedEstate): void {
  for (let at = 0; at < 2 + random.below(2); at++) {
    const module = emptyModule(`modules/m${at}`, false);
    addVariables(random, module);
    addParts(random, estate, module);
    estate.modules.push(module);
  }
}

export function addVariables(random: Random, { parts }: GeneratedModule): void {
  for (let at = 0; at < 2 + random.below(2); at++) {
    const type = random.pick(types);
    parts.push(part(random, 'variable', `v${at}`, type, literal(random, type)));
  }
}

export function addParts(random: Random, estate: GeneratedEstate, module: GeneratedModule): void {
  const kinds = ['local', 'resource', 'local', 'call', 'resource', 'local'] as const;
  for (const [at, kind] of kinds.entries())
    if (random.below(5) > 0) addPart(random, estate, module, kind, `${kind[0]}${at}`);
  for (let at = 0; at < 3 + random.below(3); at++) addPart(random, estate, module, 'output', `o${at}`);
}

export function addPart(
  random: Random,
  estate: GeneratedEstate,
  module: GeneratedModule,
  kind: 'local' | 'resource' | 'output' | 'call',
  name: string,
): void {
  const type = random.pick(types);
  const names = namesIn(estate, module, undefined);
  if (kind === 'call') {
    const own = estate.modules.indexOf(module);
    const called = random.pick(own < 0 ? estate.modules : estate.modules.slice(0, own));
    if (called === undefined) return;
    const given = called.parts
      .filter((one) => one.kind === 'variable' && random.below(4) > 0)
      .map((one) => [one.name, expression(random, one.type, names)] as const);
    module.parts.push({
      ...part(random, 'call', name, 'map', ''),
      of: called.key,
      arguments: new Map(given),
      repeat: repetition(random, estate, module),
    });
    return;
  }
  const made = part(random, kind, name, type, valueFor(random, estate, module, type));
  if (kind === 'resource') {
    made.repeat = repetition(random, estate, module);
    if (random.below(4) === 0) made.more = `  triggers_replace = ${expression(random, 'text', names)}\n`;
  }
  if (kind === 'output' && random.below(6) === 0) made.more = `  description = "says ${random.below(9)}"\n`;
  module.parts.push(made);
}

/** An expression over what is declared before a part, or a read of a file. */
export function valueFor(
  random: Random,
  estate: GeneratedEstate,
  module: GeneratedModule,
  type: Part['type'],
  before?: Part,
): string {
  const names = namesIn(estate, module, before);
  return random.below(3) === 0
    ? fileRead({ random, estate, module, names: names.filter(({ known }) => known) }, type)
    : expression(random, type, names);
}

export function repetition(random: Random, estate: GeneratedEstate, module: GeneratedModule): string {
  const chance = random.below(12);
  const names = namesIn(estate, module, undefined, true);
  if (chance < 2) return `count = min(2, ${expression(random, 'number', names, 1)})`;
  if (chance < 4) return `for_each = ${expression(random, 'map', names, 1)}`;
  return chance === 4 ? repeatedByFiles({ random, estate, module, names }) : '';
}
