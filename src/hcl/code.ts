import { byCodeUnit } from '../model/digest.ts';
import type { Block, Body, HclFile } from './tree.ts';

/**
 * What a file says, without comments, layout and places: each of its attributes and blocks as text. Blocks stand in the order
 * written, attributes by name, because their order means nothing. Undefined for a file that was not read as a whole.
 * @param given variables whose defaults do not count, because they are given a value
 */
export function codeOf(
  { body, errors }: HclFile,
  given: ReadonlySet<string> = new Set(),
): readonly string[] | undefined {
  if (errors.length > 0 || body.duplicates.length > 0) return undefined;
  const said = { ...body, blocks: body.blocks.map((block) => (isGiven(block, given) ? withoutDefault(block) : block)) };
  const code = bodyCode(said).map((one) => JSON.stringify(one, withoutPlaces));
  return code.some((one) => one.includes('"kind":"bad"')) ? undefined : code;
}

function isGiven({ type, labels }: Block, given: ReadonlySet<string>): boolean {
  return type === 'variable' && labels.length === 1 && given.has(labels[0] ?? '');
}

function withoutDefault(block: Block): Block {
  const attributes = new Map([...block.body.attributes].filter(([name]) => name !== 'default'));
  return { ...block, body: { ...block.body, attributes } };
}

function bodyCode({ attributes, blocks }: Body): unknown[] {
  return [
    ...[...attributes.values()].sort((a, b) => byCodeUnit(a.name, b.name)).map(({ name, value }) => [name, value]),
    ...blocks.map(({ type, labels, body }) => [type, labels, body.duplicates.length, bodyCode(body)]),
  ];
}

function withoutPlaces(key: string, value: unknown): unknown {
  return key === 'at' ? undefined : value;
}
