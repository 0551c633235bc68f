import type { Block, Body, Expression } from '../../../hcl/tree.ts';
import { byCodeUnit } from '../../../model/digest.ts';
import type { Module, ModuleCall, PlacedBlock, Resource } from '../module.ts';
import { callSettings } from '../module.ts';
import { ReferenceCollector, type References, undeclared } from './references.ts';

export type PartKind =
  | 'variable'
  | 'local'
  | 'resource'
  | 'data'
  | 'output'
  | 'call'
  | 'argument'
  | 'provider'
  | 'action'
  /** What may make a run fail and gives nobody a value: conditions of variables and outputs, `check` blocks. */
  | 'condition'
  /** What decides about everything: `terraform`, `import`, `moved`, blocks that nobody knows. */
  | 'settings';

/** One thing that a module says, with what it mentions: a local, a block, an argument of a call. */
export interface Part extends References {
  readonly id: string;
  readonly kind: PartKind;
  /** What it says, without comments, layout, places and descriptions. */
  readonly code: string;
  /** Of a local or an argument: the expression. */
  readonly value?: Expression;
  /** Of anything else: what of its block counts. */
  readonly body?: Body;
  /** A resource or data block. */
  readonly resource?: Resource;
  readonly call?: ModuleCall;
  /** A variable that must be given. */
  readonly required?: boolean;
}

const known = new WeakMap<Module, ReadonlyMap<string, Part>>();

/** The parts of a module by id, each module's once. */
export function partsOf(module: Module): ReadonlyMap<string, Part> {
  let parts = known.get(module);
  if (parts === undefined) {
    parts = new Map(makeParts(module).map((part) => [part.id, part]));
    known.set(module, parts);
  }
  return parts;
}

function makeParts(module: Module): Part[] {
  const collect = () => new ReferenceCollector(module);
  const taken = ({ ids, differs, readsFiles }: References): References => ({ ids, differs, readsFiles });
  const whole = (id: string, kind: PartKind, body: Body): Part => ({
    id,
    kind,
    code: codeOfBody(body),
    body,
    ...taken(collect().body(body)),
  });
  const parts: Part[] = [];
  for (const { name, value } of module.locals.values())
    parts.push({
      id: `local.${name}`,
      kind: 'local',
      code: codeOf(value),
      value,
      ...taken(collect().expression(value)),
    });
  for (const { name, body, default: fallback } of module.variables.values()) {
    parts.push({
      id: `var.${name}`,
      kind: 'variable',
      code: codeOfBody({ ...without(body, said), blocks: [] }),
      required: fallback === undefined,
      ...nothing,
    });
    parts.push(...conditionsOf(`var.${name}`, body, 'validation', whole));
  }
  for (const { name, body } of module.outputs.values()) {
    parts.push(whole(`output.${name}`, 'output', { ...without(body, said), blocks: [] }));
    parts.push(...conditionsOf(`output.${name}`, body, 'precondition', whole));
  }
  for (const resource of module.resources.values()) {
    const { address, body, mode } = resource;
    parts.push({ ...whole(address, mode === 'managed' ? 'resource' : 'data', body), resource });
  }
  for (const call of module.calls.values()) {
    const { name, body } = call;
    const settings = [...body.attributes].filter(([attribute]) => callSettings.has(attribute));
    parts.push({ ...whole(`module.${name}`, 'call', { ...body, attributes: new Map(settings) }), call });
    for (const { name: argument, value } of body.attributes.values())
      if (!callSettings.has(argument))
        parts.push({
          id: `module.${name}(${argument})`,
          kind: 'argument',
          code: codeOf(value),
          value,
          call,
          ...taken(collect().expression(value)),
        });
  }
  for (const [name, { block }] of module.providers) parts.push(whole(`provider.${name}`, 'provider', block.body));
  parts.push(
    ...numbered(module.actions, (block) => whole(['action', ...block.labels].join('.'), 'action', block.body)),
  );
  parts.push(
    ...numbered(module.checks, (block) =>
      whole(['check', ...block.labels].join('.'), 'condition', withoutWords(withoutData(block.body))),
    ),
  );
  parts.push(
    ...numbered([...module.imports, ...module.others], (block) => ({
      id: [block.type, ...block.labels].join('.'),
      kind: 'settings' as const,
      code: codeOfBody(block.body),
      // Addresses are no values.
      ...(block.type === 'import' ? { body: only(block.body, ['id', 'identity', 'for_each']) } : {}),
      ...nothing,
    })),
    // Keys of an encryption name each other, and aliases name what a caller hands in.
    ...numbered(module.settings.written, (block) => declaredOnly(whole('terraform', 'settings', block.body))),
  );
  return parts;
}

/** What is written for people, and what happens when a condition does not hold. */
const said: ReadonlySet<string> = new Set(['description', 'deprecated']);
const nothing: References = { ids: new Set(), differs: false, readsFiles: false };

function conditionsOf(
  id: string,
  body: Body,
  type: string,
  whole: (id: string, kind: PartKind, body: Body) => Part,
): Part[] {
  const blocks = body.blocks.filter((block) => block.type === type);
  const others = body.blocks.filter((block) => block.type !== type);
  const conditions = blocks.map((block) => ({ ...block, body: withoutWords(block.body) }));
  const all: Body = { attributes: new Map(), blocks: [...conditions, ...others], duplicates: [] };
  return all.blocks.length === 0 ? [] : [whole(`?${id}`, 'condition', all)];
}

function only(body: Body, names: readonly string[]): Body {
  return { ...body, attributes: new Map([...body.attributes].filter(([name]) => names.includes(name))) };
}

function declaredOnly(part: Part): Part {
  return { ...part, ids: new Set([...part.ids].filter((id) => id !== undeclared)) };
}

/** Without the message that a failing condition shows. */
function withoutWords({ attributes, blocks, duplicates }: Body): Body {
  return {
    attributes: new Map([...attributes].filter(([name, { value }]) => name !== 'error_message' || !isText(value))),
    blocks: blocks.map((block) => ({ ...block, body: withoutWords(block.body) })),
    duplicates,
  };
}

function withoutData(body: Body): Body {
  return { ...body, blocks: body.blocks.filter(({ type }) => type !== 'data') };
}

function without(body: Body, names: ReadonlySet<string>): Body {
  const kept = [...body.attributes].filter(([name, { value }]) => !names.has(name) || !isText(value));
  return { ...body, attributes: new Map(kept) };
}

/** A text that mentions nothing; what does may fail. */
export function isText(expr: Expression): boolean {
  return expr.kind === 'literal' || (expr.kind === 'template' && expr.parts.every((part) => part.kind === 'text'));
}

/** Blocks without a name of their own, told apart by what they say and how often they say it. */
function numbered(blocks: readonly PlacedBlock[], part: (block: Block) => Part): Part[] {
  const seen = new Map<string, number>();
  return blocks.map(({ block }) => {
    const made = part(block);
    const key = `${made.id} ${made.code}`;
    const before = seen.get(key) ?? 0;
    seen.set(key, before + 1);
    return { ...made, id: `${key} ${before}` };
  });
}

function codeOfBody({ attributes, blocks, duplicates }: Body): string {
  return JSON.stringify([
    [...attributes.values()].sort((a, b) => byCodeUnit(a.name, b.name)).map(({ name, value }) => [name, codeOf(value)]),
    blocks.map(({ type, labels, body }) => [type, labels, codeOfBody(body)]),
    duplicates.length,
  ]);
}

export function codeOf(expr: Expression): string {
  return JSON.stringify(expr, (key, value: unknown) => (key === 'at' ? undefined : value));
}
