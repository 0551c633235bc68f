import type { At, Attribute, Block, Expression } from '../../../hcl/tree.ts';
import { type DependencyRead, dependencyReads } from './dependency-reads.ts';
import type { SourceFile } from './source-file.ts';

/** One read of a dependency's output, with the attribute it stands in. */
export interface FileRead extends DependencyRead {
  /** `inputs.vpc_id`, `generate.provider.contents`; with the keys inside of it for what stands on a line of its own. */
  readonly site: string;
  /** The input it gives a value to, when that is written out. */
  readonly input: string | undefined;
  /** The blocks around it that a namesake closer to the unit replaces wholly. */
  readonly within: readonly string[];
}

/** What a file reads of dependencies, and what of it can replace such reads in the files that it includes. */
export interface ReadsOfFile {
  readonly reads: readonly FileRead[];
  readonly inputs: ReadonlyMap<string, Expression>;
  readonly wholesale: ReadonlySet<string>;
}

/** Blocks of which a namesake closer to the unit leaves nothing. */
const replacedWholly: ReadonlySet<string> = new Set([
  'generate',
  'remote_state',
  'before_hook',
  'after_hook',
  'error_hook',
  'extra_arguments',
]);

/** The reads of each file, found once, because an include is read by every unit that includes it. */
export class FileReads {
  readonly #known = new WeakMap<SourceFile, ReadsOfFile>();

  of(file: SourceFile): ReadsOfFile {
    const known = this.#known.get(file);
    if (known !== undefined) return known;
    const found = readsOf(file);
    this.#known.set(file, found);
    return found;
  }
}

interface Around {
  readonly site: string;
  readonly at: At;
  readonly input?: string;
  readonly within: readonly string[];
}

function readsOf({ body }: SourceFile): ReadsOfFile {
  const reads: FileRead[] = [];
  const inputs = new Map<string, Expression>();
  const wholesale = new Set<string>();
  const lines = new Map<string, number[]>();
  const siteOn = (line: number, site: string) => {
    const known = lines.get(site) ?? [];
    lines.set(site, known);
    if (!known.includes(line)) known.push(line);
    const turn = known.indexOf(line) + 1;
    return turn === 1 ? site : `${site} (${turn})`;
  };
  const add = (expression: Expression, { site, at, input, within }: Around) => {
    for (const { expression: part, keys } of withKeys(expression, []))
      for (const read of dependencyReads(part)) {
        const place = read.at.line === at.line ? { site, at } : { site: [site, ...keys].join('.'), at: read.at };
        reads.push({ ...read, ...place, site: siteOn(place.at.line, place.site), input, within });
      }
  };
  const addBlock = (block: Block, prefix: string, around: readonly string[]) => {
    const name = [block.type, ...block.labels].join('.');
    const own = replacedWholly.has(block.type);
    if (own) wholesale.add(name);
    const within = own ? [...around, name] : around;
    for (const { name: attribute, value, at } of block.body.attributes.values())
      add(value, { site: `${prefix}${name}.${attribute}`, at, within });
    for (const inner of block.body.blocks) addBlock(inner, `${prefix}${name}.`, within);
  };
  for (const attribute of body.attributes.values())
    if (attribute.name === 'inputs') addInputs(attribute, inputs, add);
    else add(attribute.value, { site: attribute.name, at: attribute.at, within: [] });
  for (const block of body.blocks) addBlock(block, '', []);
  return { reads, inputs, wholesale };
}

/** Functions in which an argument is not simply a part of the value. */
const guards: ReadonlySet<string> = new Set(['try', 'can', 'lookup']);

/** The parts of a value that stand under keys of their own, however they are put together: `merge({}, { a = { b = … } })`. */
function* withKeys(
  expression: Expression,
  keys: readonly string[],
): Generator<{ readonly expression: Expression; readonly keys: readonly string[] }> {
  if (expression.kind === 'call' && !guards.has(expression.name))
    for (const argument of expression.args) yield* withKeys(argument, keys);
  else if (expression.kind !== 'object') yield { expression, keys };
  else
    for (const { key, value } of expression.items) {
      yield { expression: key, keys };
      yield* withKeys(value, key.kind === 'literal' ? [...keys, String(key.value)] : keys);
    }
}

function addInputs(
  { value, at }: Attribute,
  inputs: Map<string, Expression>,
  add: (expression: Expression, around: Around) => void,
): void {
  if (value.kind !== 'object') {
    add(value, { site: 'inputs', at, within: [] });
    return;
  }
  for (const item of value.items) {
    add(item.key, { site: 'inputs', at: item.key.at, within: [] });
    if (item.key.kind === 'literal') {
      const input = String(item.key.value);
      inputs.set(input, item.value);
      add(item.value, { site: `inputs.${input}`, at: item.key.at, input, within: [] });
    } else add(item.value, { site: 'inputs', at: item.key.at, within: [] });
  }
}
