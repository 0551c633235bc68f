import { exactNumber, isLongNumber } from '../model/exact-number.ts';
import { deepestNesting, largestText, parseTemplate } from './parse.ts';
import { Source } from './source.ts';
import type { At, Body, Expression, HclFile } from './tree.ts';
import { BodyBuilder } from './walk-body.ts';

/**
 * Which members of a JSON body are blocks: block type → how many labels it takes and what stands inside. JSON syntax alone
 * cannot tell a block from an attribute, only the language that is written in it.
 */
export interface BlockTypes {
  readonly [type: string]: {
    readonly labels: number | readonly [least: number, most: number];
    readonly inside?: BlockTypes;
  };
}

const leaf = (labels: number) => ({ labels });
const provisioners: BlockTypes = { lifecycle: leaf(0), provisioner: leaf(1), connection: leaf(0), dynamic: leaf(1) };

export const terraformBlocks: BlockTypes = {
  resource: { labels: 2, inside: provisioners },
  ephemeral: leaf(2),
  data: { labels: 2, inside: { lifecycle: leaf(0) } },
  variable: { labels: 1, inside: { validation: leaf(0) } },
  output: { labels: 1, inside: { precondition: leaf(0) } },
  module: leaf(1),
  provider: { labels: 1, inside: { assume_role: leaf(0), default_tags: leaf(0), features: leaf(0) } },
  locals: leaf(0),
  terraform: {
    labels: 0,
    inside: {
      backend: leaf(1),
      cloud: { labels: 0, inside: { workspaces: leaf(0) } },
      required_providers: leaf(0),
      provider_meta: leaf(1),
    },
  },
  moved: leaf(0),
  import: leaf(0),
  removed: { labels: 0, inside: { lifecycle: leaf(0) } },
  check: { labels: 1, inside: { data: leaf(2), assert: leaf(0) } },
  action: { labels: 2, inside: { config: leaf(0) } },
};

const hook = { before_hook: leaf(1), after_hook: leaf(1), error_hook: leaf(1), extra_arguments: leaf(1) };
const autoinclude: BlockTypes = { include: { labels: [0, 1] }, dependency: leaf(1), locals: leaf(0) };

export const terragruntBlocks: BlockTypes = {
  include: { labels: [0, 1] },
  dependency: leaf(1),
  dependencies: leaf(0),
  locals: leaf(0),
  terraform: { labels: 0, inside: hook },
  remote_state: leaf(0),
  generate: leaf(1),
  feature: leaf(1),
  exclude: leaf(0),
  errors: { labels: 0, inside: { retry: leaf(1), ignore: leaf(1) } },
  engine: leaf(0),
  catalog: leaf(0),
  unit: { labels: 1, inside: { autoinclude: { labels: 0, inside: autoinclude } } },
  stack: { labels: 1, inside: { autoinclude: { labels: 0, inside: autoinclude } } },
};

/**
 * HCL's JSON syntax (`.tf.json`, `terragrunt.hcl.json`): strings are templates, an object under a block type's name is one
 * block or several. A file that breaks off gives what stood before the break.
 */
export function parseJsonHcl(text: string, blockTypes: BlockTypes): HclFile {
  const errors: { at: At; message: string }[] = [];
  const clean = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  if (clean.length > largestText) {
    const message = 'the text is larger than 2 MiB';
    return { body: new BodyBuilder().finish(), errors: [{ at: { line: 1, column: 1 }, message }] };
  }
  const reader = new JsonReader(clean, errors);
  return { body: bodyOf([reader.document()], blockTypes, errors), errors };
}

type JsonNode =
  | { readonly kind: 'object'; readonly members: readonly Member[]; readonly at: At }
  | { readonly kind: 'array'; readonly items: readonly JsonNode[]; readonly at: At }
  | { readonly kind: 'scalar'; readonly value: string | number | boolean | null; readonly at: At };

interface Member {
  readonly name: string;
  readonly value: JsonNode;
  readonly at: At;
}

/** A body may be spread over several objects in an array. `//` is a comment by convention. */
function bodyOf(nodes: readonly JsonNode[], types: BlockTypes, errors: { at: At; message: string }[]): Body {
  const builder = new BodyBuilder();
  for (const node of nodes.flatMap((node) => (node.kind === 'array' ? node.items : [node]))) {
    if (node.kind !== 'object') {
      if (node.kind !== 'scalar' || node.value !== null)
        errors.push({ at: node.at, message: 'an object must stand here' });
      continue;
    }
    for (const { name, value, at } of node.members) {
      if (name === '//') continue;
      const type = Object.hasOwn(types, name) ? types[name] : undefined;
      if (type === undefined) builder.attribute({ name, at, value: expressionOf(value) });
      else {
        const [least, most] = typeof type.labels === 'number' ? [type.labels, type.labels] : type.labels;
        addBlocks(builder, { type: name, at, inside: type.inside ?? {}, least, most, errors }, value, []);
      }
    }
  }
  return builder.finish();
}

interface BlockContext {
  readonly type: string;
  readonly at: At;
  readonly inside: BlockTypes;
  readonly least: number;
  readonly most: number;
  readonly errors: { at: At; message: string }[];
}

function addBlocks(builder: BodyBuilder, context: BlockContext, node: JsonNode, labels: readonly string[]): void {
  if (node.kind === 'array') {
    for (const item of node.items) addBlocks(builder, context, item, labels);
    return;
  }
  if (node.kind === 'scalar') {
    if (node.value !== null)
      context.errors.push({ at: node.at, message: `the block \`${context.type}\` must be an object` });
    return;
  }
  // An optional label is there when every member is an object, as with `include` by name.
  const labelled =
    labels.length < context.least ||
    (labels.length < context.most &&
      node.members.length > 0 &&
      node.members.every(({ value }) => value.kind !== 'scalar'));
  if (labelled) for (const { name, value } of node.members) addBlocks(builder, context, value, [...labels, name]);
  else {
    const body = bodyOf([node], context.inside, context.errors);
    builder.block({ type: context.type, labels, at: labels.length > 0 ? node.at : context.at, body });
  }
}

function expressionOf(node: JsonNode): Expression {
  const { at } = node;
  if (node.kind === 'array') return { kind: 'tuple', items: node.items.map(expressionOf), at };
  if (node.kind === 'object')
    return {
      kind: 'object',
      items: node.members.map(({ name, value, at: place }) => ({
        key: parseTemplate(name, place),
        value: expressionOf(value),
      })),
      at,
    };
  return typeof node.value === 'string' && !isLongNumber(node.value)
    ? parseTemplate(node.value, at)
    : { kind: 'literal', value: node.value, at };
}

function scalarOf(word: string): string | number | boolean | null {
  if (word === 'true' || word === 'false') return word === 'true';
  return word === 'null' ? null : exactNumber(word);
}

/** A JSON reader that keeps places, keeps both of two equal keys in order, and survives a text that breaks off. */
class JsonReader {
  readonly #source: Source;
  readonly #text: string;
  readonly #errors: { at: At; message: string }[];
  #next = 0;

  constructor(text: string, errors: { at: At; message: string }[]) {
    this.#source = new Source(text);
    this.#text = text;
    this.#errors = errors;
  }

  document(): JsonNode {
    const node = this.#value(0) ?? { kind: 'object', members: [], at: { line: 1, column: 1 } };
    this.#space();
    if (this.#errors.length === 0 && this.#next < this.#text.length) this.#fail('text behind the document');
    return node;
  }

  #fail(message: string): undefined {
    this.#errors.push({ at: this.#source.at(Math.min(this.#next, this.#text.length)), message });
    this.#next = this.#text.length;
    return undefined;
  }

  #space(): void {
    while (/\s/.test(this.#text[this.#next] ?? '')) this.#next += 1;
  }

  #value(depth: number): JsonNode | undefined {
    if (depth > deepestNesting) return this.#fail(`more than ${deepestNesting} levels of brackets`);
    this.#space();
    const at = this.#source.at(this.#next);
    const first = this.#text[this.#next];
    if (first === '{') return this.#object(at, depth);
    if (first === '[') return this.#array(at, depth);
    if (first === '"') {
      const value = this.#string();
      return value === undefined ? undefined : { kind: 'scalar', value, at };
    }
    const word = /^(?:true|false|null|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)/.exec(
      this.#text.slice(this.#next, this.#next + 400),
    );
    if (word === null) return this.#fail(first === undefined ? 'the text breaks off' : `unexpected \`${first}\``);
    this.#next += word[0].length;
    return { kind: 'scalar', value: scalarOf(word[0]), at };
  }

  #string(): string | undefined {
    const found = /"(?:[^"\\\n]|\\.)*"/y;
    found.lastIndex = this.#next;
    const raw = found.exec(this.#text)?.[0];
    if (raw === undefined) return this.#fail('a string is not closed');
    try {
      const value = JSON.parse(raw) as string;
      this.#next += raw.length;
      return value;
    } catch {
      return this.#fail('a string holds what JSON does not allow');
    }
  }

  #object(at: At, depth: number): JsonNode {
    const members: Member[] = [];
    this.#list('}', () => {
      const place = this.#source.at(this.#next);
      const name = this.#text[this.#next] === '"' ? this.#string() : this.#fail('a key in quotes must stand here');
      if (name === undefined) return;
      this.#space();
      if (this.#text[this.#next] !== ':') return void this.#fail('`:` is missing');
      this.#next += 1;
      const value = this.#value(depth + 1);
      if (value !== undefined) members.push({ name, value, at: place });
    });
    return { kind: 'object', members, at };
  }

  #array(at: At, depth: number): JsonNode {
    const items: JsonNode[] = [];
    this.#list(']', () => {
      const value = this.#value(depth + 1);
      if (value !== undefined) items.push(value);
    });
    return { kind: 'array', items, at };
  }

  /** From the opening bracket to behind the closing one. */
  #list(end: string, element: () => void): void {
    this.#next += 1;
    this.#space();
    while (this.#next < this.#text.length && this.#text[this.#next] !== end) {
      element();
      this.#space();
      if (this.#text[this.#next] === ',') {
        this.#next += 1;
        this.#space();
      } else if (this.#text[this.#next] !== end && this.#next < this.#text.length)
        this.#fail(`\`,\` or \`${end}\` is missing`);
    }
    if (this.#text[this.#next] === end) this.#next += 1;
    else if (this.#errors.length === 0) this.#fail(`\`${end}\` is missing`);
  }
}
