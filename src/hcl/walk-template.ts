import {
  bareText,
  heredocText,
  pushText,
  quotedText,
  type Sequence,
  type TextMode,
  type Token,
  templateFrom,
} from './template-tokens.ts';
import type { Expression } from './tree.ts';
import type { Walk } from './walk.ts';

type ReadExpression = (walk: Walk) => Expression;

const sequences: Readonly<Record<string, Sequence['kind']>> = {
  template_interpolation: 'interpolation',
  template_for_start: 'for',
  template_for_end: 'endfor',
  template_if_intro: 'if',
  template_else_intro: 'else',
  template_if_end: 'endif',
};

/** On a `template_expr` node. `read` is handed in because expressions hold templates and templates expressions. */
export function deferTemplate(walk: Walk, read: ReadExpression): Expression {
  const at = walk.at();
  let template: Expression | undefined;
  walk.children((kind) => {
    const { startIndex, endIndex } = walk.cursor;
    if (kind === 'quoted_template')
      template = templateFrom(readTokens(walk, quotedText, read, startIndex + 1, endIndex - 1), at);
    else if (kind === 'heredoc_template') {
      const { from, to } = heredocLines(walk);
      const flush = walk.source.text.startsWith('<<-', startIndex);
      template = templateFrom(readTokens(walk, heredocText, read, from, to + 1), at, flush);
    }
  });
  return template ?? { kind: 'literal', value: '', at };
}

/** The text of a template file or a JSON string, which the caller wrapped in a heredoc with one line break too many. */
export function readBareTemplate(walk: Walk, read: ReadExpression): Expression {
  const at = walk.at();
  let template: Expression | undefined;
  walk.children((kind) => {
    if (kind !== 'heredoc_template') return;
    const { from, to } = heredocLines(walk);
    template = templateFrom(readTokens(walk, bareText, read, from, to), at);
  });
  return template ?? { kind: 'literal', value: '', at };
}

/** From behind the line with the opening marker to the line break before the closing one. */
function heredocLines(walk: Walk): { readonly from: number; readonly to: number } {
  const { text } = walk.source;
  const from = text.indexOf('\n', walk.cursor.startIndex) + 1;
  return { from, to: Math.max(from - 1, text.lastIndexOf('\n', walk.cursor.endIndex - 1)) };
}

/**
 * The children of a template node as tokens. Literal text is what lies between two sequences, because the grammar leaves
 * white space at their edges out of its literals.
 */
function readTokens(walk: Walk, mode: TextMode, read: ReadExpression, from: number, to: number): Token[] {
  const into: Token[] = [];
  let reached = from;
  const text = (until: number) => {
    if (until > reached) pushText(walk.source.text.slice(reached, until), mode, into);
  };
  const sequence = (node: () => void) => {
    text(walk.cursor.startIndex);
    node();
    reached = walk.cursor.endIndex;
  };
  const visit = (kind: string): void => {
    const found = sequences[kind];
    if (found !== undefined) sequence(() => into.push(readSequence(walk, found, read)));
    else if (kind === 'template_directive' || kind === 'template_for' || kind === 'template_if') walk.children(visit);
    else if (kind === 'ERROR') walk.fail();
  };
  walk.children(visit);
  text(to);
  return into;
}

function readSequence(walk: Walk, kind: Sequence['kind'], read: ReadExpression): Sequence {
  const names: string[] = [];
  let value: Expression | undefined;
  const { text } = walk.source;
  const { startIndex, endIndex } = walk.cursor;
  walk.children((part) => {
    if (part === 'identifier') names.push(walk.text());
    else if (part === 'expression') value = read(walk);
    else if (part === 'ERROR') walk.fail();
  });
  const stripBefore = text[startIndex + 2] === '~';
  const stripAfter = text[endIndex - 2] === '~';
  return { kind, names, value, stripBefore, stripAfter };
}
