import {
  type Alias,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Pair,
  parseDocument,
  type Scalar,
  visit,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { mostYaml, tooLarge } from '../../config/document.ts';
import { tooDeep } from '../../config/yaml-document.ts';
import { exactNumber } from '../../model/exact-number.ts';
import { CannotEdit } from '../dialect.ts';
import type { ValueSource } from '../edit.ts';
import { placeOf } from '../lines.ts';
import type { Said, SaidElsewhere, SaidEntry, Span } from '../said.ts';

/** Where a value of YAML stands in what holds it. */
export interface YamlPlace {
  /** It stands in brackets, or is itself written with them. */
  readonly flow: boolean;
  /** What holds it is written with brackets. */
  readonly inFlow: boolean;
  /** Behind the colon or dash that leads to it; undefined of the whole file. */
  readonly lead: number | undefined;
  /** The column of the key or dash that leads to it. */
  readonly column: number;
}

const places = new WeakMap<Said, YamlPlace>();
const starts = new WeakMap<Said, readonly number[]>();

/** How a value stands where it is; what a tree was not read from has no place. */
export function yamlPlace(said: Said): YamlPlace {
  return places.get(said) ?? { flow: false, inFlow: false, lead: undefined, column: 0 };
}

/** Where the entries of a map or the dashes of a list start. */
export function startsOf(said: Said): readonly number[] {
  return starts.get(said) ?? [];
}

/** YAML as a tree with places. @throws CannotEdit */
export function readYamlTree(text: string): Said {
  const refused = tooLarge(text, mostYaml) ?? tooDeep(text);
  if (refused !== undefined)
    throw new CannotEdit('unreadable', refused.message, { at: { line: refused.line, column: 1 } });
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new CannotEdit('unreadable', 'the file is nested too deeply');
  }
}

function parse(text: string): Said {
  const document = parseDocument(text, {
    keepSourceTokens: true,
    uniqueKeys: false,
    // With 'silent', further documents are passed over.
    logLevel: 'error',
    prettyErrors: false,
  });
  const [error] = document.errors;
  if (error?.code === 'RESOURCE_EXHAUSTION') throw new RangeError();
  if (error !== undefined) {
    const several = error.code === 'MULTIPLE_DOCS';
    const reason = several ? 'several documents in one file are not edited' : 'the file is not valid YAML from here on';
    throw new CannotEdit('unreadable', reason, { at: error.pos[0] });
  }
  const used = new Set<string>();
  const anchors = new Map<string, number>();
  visit(document, {
    Alias: (_key, { source }) => {
      used.add(source);
    },
    Node: (_key, node) => {
      if (!isAlias(node) && node.anchor !== undefined)
        anchors.set(node.anchor, placeOf(text, node.range?.[0] ?? 0).line);
    },
  });
  const root = document.contents;
  const place = { flow: false, inFlow: false, lead: undefined, column: -1 };
  if (root === null)
    return placed({ kind: 'scalar', value: null, span: { start: text.length, end: text.length } }, place);
  return new TreeMaker(text, used, anchors).value(root, place);
}

function placed<T extends Said>(said: T, place: YamlPlace): T {
  places.set(said, place);
  return said;
}

class TreeMaker {
  readonly #text: string;
  readonly #used: ReadonlySet<string>;
  readonly #anchors: ReadonlyMap<string, number>;

  constructor(text: string, used: ReadonlySet<string>, anchors: ReadonlyMap<string, number>) {
    this.#text = text;
    this.#used = used;
    this.#anchors = anchors;
  }

  value(node: unknown, place: YamlPlace): Said {
    if (isAlias(node)) return this.#alias(node, place);
    const said = isMap(node)
      ? this.#map(node, place)
      : isSeq(node)
        ? this.#list(node, place)
        : isScalar(node)
          ? this.#scalar(node, place)
          : this.#elsewhere({ kind: 'expression' }, spanOf(node), place);
    const { anchor, tag } = node as { anchor?: string; tag?: string };
    if (tag !== undefined && !tag.startsWith('tag:yaml.org,2002:'))
      return this.#elsewhere({ kind: 'call', name: tag }, said.span, place);
    if (anchor === undefined || !this.#used.has(anchor)) return said;
    const source: ValueSource = { kind: 'alias', name: `&${anchor}`, ...this.#lineOf(anchor) };
    const shared = { ...said, shared: source };
    starts.set(shared, startsOf(said));
    return placed(shared, yamlPlace(said));
  }

  #alias(node: Alias, place: YamlPlace): Said {
    return this.#elsewhere(
      { kind: 'alias', name: `*${node.source}`, ...this.#lineOf(node.source) },
      spanOf(node),
      place,
    );
  }

  #lineOf(anchor: string): { readonly line?: number } {
    const line = this.#anchors.get(anchor);
    return line === undefined ? {} : { line };
  }

  #elsewhere(source: ValueSource, span: Span, place: YamlPlace): SaidElsewhere {
    const code = this.#text.slice(span.start, span.end);
    return placed({ kind: 'elsewhere', source, code, span }, place);
  }

  #scalar({ value, source, range }: Scalar, place: YamlPlace): Said {
    const span = spanOf({ range });
    if (typeof value === 'number' && !Number.isFinite(value))
      return this.#elsewhere({ kind: 'expression' }, span, place);
    if (typeof value === 'number' && source !== undefined)
      return placed({ kind: 'scalar', value: exactNumber(source.replace(/^\+/, '')), span }, place);
    if (value === null || typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number')
      return placed({ kind: 'scalar', value, span }, place);
    return this.#elsewhere({ kind: 'expression' }, span, place);
  }

  #map(node: YAMLMap, place: YamlPlace): Said {
    const flow = node.flow === true || place.flow;
    const entries: SaidEntry[] = [];
    const under: string[] = [];
    let merged: SaidElsewhere | undefined;
    for (const pair of node.items as Pair[]) {
      const { key } = pair;
      if (!isScalar(key) || key.range == null) return this.#elsewhere({ kind: 'expression' }, spanOf(node), place);
      const keySpan = { start: key.range[0], end: key.range[1] };
      const lead = leadOf(pair) ?? keySpan.end;
      const inner = { flow, inFlow: flow, lead, column: this.#column(startOf(pair) ?? keySpan.start) };
      const value =
        pair.value == null
          ? this.#elsewhere({ kind: 'expression' }, { start: keySpan.end, end: keySpan.end }, inner)
          : this.value(pair.value, inner);
      const name = String(key.value);
      if (name === '<<' && key.type === 'PLAIN') {
        under.push(this.#text.slice(value.span.start, value.span.end));
        const source = value.kind === 'elsewhere' ? value.source : {};
        merged ??= this.#elsewhere({ ...source, kind: 'merge' }, value.span, inner);
      } else
        entries.push({
          key: name,
          keySpan,
          value,
          span: { start: startOf(pair) ?? keySpan.start, end: value.span.end },
        });
    }
    const span = flow
      ? spanOf(node)
      : around(
          entries.map((entry) => entry.span),
          spanOf(node),
        );
    const said: Said = {
      kind: 'map',
      form: flow ? 'brackets' : 'lines',
      entries,
      span,
      ...(merged === undefined ? {} : { beneath: { ...merged, code: under.join() } }),
    };
    starts.set(
      said,
      entries.map(({ span: { start } }) => start),
    );
    return placed(said, { ...place, flow });
  }

  #list(node: YAMLSeq, place: YamlPlace): Said {
    const flow = node.flow === true || place.flow;
    const dashes = dashesOf(node);
    const items = node.items.map((item, at) => {
      const dash = dashes[at] ?? spanOf(item).start;
      return this.value(item, { flow, inFlow: flow, lead: flow ? undefined : dash + 1, column: this.#column(dash) });
    });
    const spans = items.map(({ span }, at) => ({
      start: flow ? span.start : (dashes[at] ?? span.start),
      end: span.end,
    }));
    const span = flow ? spanOf(node) : around(spans, spanOf(node));
    const said: Said = { kind: 'list', form: flow ? 'brackets' : 'lines', items, span };
    starts.set(
      said,
      spans.map(({ start }) => start),
    );
    return placed(said, { ...place, flow });
  }

  #column(offset: number): number {
    return offset - (this.#text.lastIndexOf('\n', offset - 1) + 1);
  }
}

function around(spans: readonly Span[], whole: Span): Span {
  const [first, last] = [spans[0], spans.at(-1)];
  return first === undefined || last === undefined ? whole : { start: first.start, end: last.end };
}

function spanOf(node: unknown): Span {
  const range = (node as { range?: readonly number[] | null } | null)?.range;
  return { start: range?.[0] ?? 0, end: range?.[1] ?? 0 };
}

interface CstItem {
  readonly start?: readonly { readonly type: string; readonly offset: number }[];
  readonly sep?: readonly { readonly type: string; readonly offset: number }[];
}

/** The `?` before a key that is written so. */
function startOf(pair: Pair): number | undefined {
  const { srcToken } = pair as unknown as { readonly srcToken?: CstItem };
  return srcToken?.start?.find(({ type }) => type === 'explicit-key-ind')?.offset;
}

/** Behind the colon. */
function leadOf(pair: Pair): number | undefined {
  const { srcToken } = pair as unknown as { readonly srcToken?: CstItem };
  const colon = srcToken?.sep?.find(({ type }) => type === 'map-value-ind');
  return colon === undefined ? undefined : colon.offset + 1;
}

function dashesOf(node: YAMLSeq): readonly (number | undefined)[] {
  const items = (node.srcToken as { readonly items?: readonly CstItem[] } | undefined)?.items ?? [];
  return items.map(({ start }) => start?.find(({ type }) => type === 'seq-item-ind')?.offset);
}
