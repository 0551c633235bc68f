import type { Body, HclFile } from './tree.ts';

/**
 * What a file says, without comments, layout and places: each of its attributes and blocks as text, in the order written.
 * Undefined for a file that was not read as a whole.
 */
export function codeOf({ body, errors }: HclFile): readonly string[] | undefined {
  if (errors.length > 0 || body.duplicates.length > 0) return undefined;
  const code = bodyCode(body).map((one) => JSON.stringify(one, withoutPlaces));
  return code.some((one) => one.includes('"kind":"bad"')) ? undefined : code;
}

function bodyCode({ attributes, blocks }: Body): unknown[] {
  return [
    ...[...attributes.values()].map(({ name, value }) => [name, value]),
    ...blocks.map(({ type, labels, body }) => [type, labels, body.duplicates.length, bodyCode(body)]),
  ];
}

function withoutPlaces(key: string, value: unknown): unknown {
  return key === 'at' ? undefined : value;
}
