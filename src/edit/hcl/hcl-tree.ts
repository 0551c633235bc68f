import { refusedUnread } from '../../hcl/parse.ts';
import type { Spans } from '../../hcl/span-scan.ts';
import { parseWithSpans } from '../../hcl/strict-parse.ts';
import type { At, Block, Body, Expression } from '../../hcl/tree.ts';
import { CannotEdit } from '../dialect.ts';
import type { Said, SaidElsewhere, SaidEntry, SaidMap, Span } from '../said.ts';
import { sourceOf } from './value-source.ts';

/** HCL as a tree with places: attributes by name, blocks by type and labels. @throws CannotEdit */
export function readHclTree(text: string): SaidMap {
  const refused = refusedUnread(text);
  if (refused !== undefined) throw new CannotEdit('unreadable', refused.message, { at: refused.at });
  const read = parseWithSpans(text);
  if ('brokenAt' in read)
    throw new CannotEdit('unreadable', 'the file is not plainly well-formed from here on', { at: read.brokenAt });
  return new TreeMaker(text, read.body, read.spans).body(read.body);
}

/** Functions that change the type of a value and nothing of what it says. */
const transparent: ReadonlySet<string> = new Set(['toset', 'tolist', 'tomap']);

class TreeMaker {
  readonly #text: string;
  readonly #file: Body;
  readonly #spans: Spans;

  constructor(text: string, file: Body, spans: Spans) {
    this.#text = text;
    this.#file = file;
    this.#spans = spans;
  }

  body(body: Body): SaidMap {
    return { kind: 'map', form: 'body', entries: this.#entriesOf(body), span: this.#spanOf(body) };
  }

  #entriesOf(body: Body): SaidEntry[] {
    const attributes = [...body.attributes.values()].map((attribute): SaidEntry => {
      const { name, value } = attribute;
      const span = this.#spanOf(attribute);
      return { key: name, keySpan: nameSpan(span.start, name), value: this.#value(value), span };
    });
    const again = body.duplicates.map(({ name, at }): SaidEntry => {
      const span = nameSpan(this.#offsetOf(at), name);
      return { key: name, keySpan: span, value: { kind: 'scalar', value: null, span }, span };
    });
    const types = Map.groupBy(body.blocks, ({ type }) => type);
    const blocks = [...types].map(([type, all]) => this.#blockEntry(type, all, 0));
    return [...attributes, ...again, ...blocks];
  }

  #blockEntry(key: string, blocks: readonly Block[], depth: number): SaidEntry {
    const [first] = blocks;
    const span = first === undefined ? { start: 0, end: 0 } : this.#spanOf(first);
    return { key, keySpan: nameSpan(span.start, first?.type ?? ''), value: this.#blocks(blocks, depth, span), span };
  }

  #blocks(blocks: readonly Block[], depth: number, span: Span): Said {
    const [first, ...others] = blocks;
    if (first !== undefined && blocks.every(({ labels }) => labels.length <= depth)) {
      if (others.length === 0) return this.body(first.body);
      const bodies = blocks.map(({ body }) => this.body(body));
      if (first.type !== 'locals' || depth > 0) return { kind: 'list', form: 'blocks', items: bodies, span };
      // One thing in several places; what is new goes to the last of them.
      return { ...(bodies.at(-1) ?? this.body(first.body)), entries: bodies.flatMap(({ entries }) => entries) };
    }
    const labels = Map.groupBy(blocks, (block) => block.labels[depth] ?? '');
    const entries = [...labels].map(([label, all]) => this.#blockEntry(label, all, depth + 1));
    return { kind: 'map', form: 'names', entries, span };
  }

  #value(expression: Expression): Said {
    const span = this.#spanOf(expression);
    switch (expression.kind) {
      case 'literal':
        return { kind: 'scalar', value: expression.value, span };
      case 'template': {
        const texts = expression.parts.flatMap((part) => (part.kind === 'text' ? [part.text] : []));
        if (texts.length < expression.parts.length) return this.#elsewhere(expression, span);
        return { kind: 'scalar', value: texts.join(''), span };
      }
      case 'tuple':
        return {
          kind: 'list',
          form: 'brackets',
          items: expression.items.map((item) => this.#value(item)),
          around: expression.items.map((item) => this.#spans.around(item) ?? this.#spanOf(item)),
          span,
        };
      case 'object':
        return this.#object(expression, span);
      case 'call':
        return this.#call(expression, span);
      default:
        return this.#elsewhere(expression, span);
    }
  }

  #object(expression: Extract<Expression, { kind: 'object' }>, span: Span): Said {
    const entries: SaidEntry[] = [];
    for (const { key, value } of expression.items) {
      // Which key it is, is not written here: it may be any of the others.
      if (key.kind !== 'literal') return { ...this.#elsewhere(expression, span), at: this.#spanOf(key).start };
      const said = this.#value(value);
      const keySpan = this.#spanOf(key);
      entries.push({
        key: String(key.value),
        keySpan,
        value: said,
        span: { start: keySpan.start, end: (this.#spans.around(value) ?? this.#spanOf(value)).end },
      });
    }
    return { kind: 'map', form: 'brackets', entries, span };
  }

  #call(expression: Extract<Expression, { kind: 'call' }>, span: Span): Said {
    const { name, args, expand } = expression;
    const last = args.at(-1);
    if (last === undefined || expand) return this.#elsewhere(expression, span);
    if (args.length === 1 && transparent.has(name)) return this.#value(last);
    if (name !== 'merge' || last.kind !== 'object') return this.#elsewhere(expression, span);
    const own = this.#value(last);
    if (own.kind !== 'map') return this.#elsewhere(expression, span);
    const beneath = this.#elsewhere({ ...expression, args: args.slice(0, -1) }, span);
    const [named] = args.slice(0, -1).map((one) => sourceOf(one, this.#file));
    return { ...own, beneath: { ...beneath, source: { ...named, kind: 'merge' } } };
  }

  #elsewhere(expression: Expression, span: Span): SaidElsewhere {
    return { kind: 'elsewhere', source: sourceOf(expression, this.#file), code: codeOf(expression), span };
  }

  #spanOf(part: object): Span {
    return this.#spans.of(part) ?? { start: 0, end: this.#text.length };
  }

  #offsetOf({ line, column }: At): number {
    let start = 0;
    for (let at = 1; at < line; at += 1) start = this.#text.indexOf('\n', start) + 1;
    return start + column - 1;
  }
}

function nameSpan(start: number, name: string): Span {
  return { start, end: start + name.length };
}

function codeOf(expression: Expression): string {
  return JSON.stringify(expression, (key, value: unknown) => (key === 'at' ? undefined : value));
}
