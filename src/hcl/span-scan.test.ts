import { expect, test } from 'vitest';
import { parseWithSpans } from './strict-parse.ts';
import type { Body, Expression } from './tree.ts';

function pieces(text: string): string[] {
  const read = parseWithSpans(text);
  if ('brokenAt' in read) return [`broken at ${read.brokenAt.line}:${read.brokenAt.column}`];
  const shown: string[] = [];
  const cut = (part: object) => {
    const span = read.spans.of(part);
    return span === undefined ? '?' : text.slice(span.start, span.end);
  };
  const inside = (expression: Expression): void => {
    shown.push(cut(expression));
    if (expression.kind === 'object') for (const { key, value } of expression.items) [key, value].forEach(inside);
    if (expression.kind === 'tuple') expression.items.forEach(inside);
    if (expression.kind === 'call') expression.args.forEach(inside);
  };
  const visit = (body: Body): void => {
    for (const attribute of body.attributes.values()) {
      shown.push(cut(attribute));
      inside(attribute.value);
    }
    for (const block of body.blocks) {
      shown.push(cut(block), cut(block.body));
      visit(block.body);
    }
  };
  visit(read.body);
  return shown;
}

test.each([
  ['a = 1 # one\n', ['a = 1', '1']],
  ['a = ( 1 ) // one\n', ['a = ( 1 )', '1']],
  ['a = -1', ['a = -1', '-1']],
  ['a = x.y [ 0 ]  /* c */\n', ['a = x.y [ 0 ]', 'x.y [ 0 ]']],
  ['a = b + c # d\n', ['a = b + c', 'b + c']],
  ['a = x ? 1 : 2 # d', ['a = x ? 1 : 2', 'x ? 1 : 2']],
  ['b "l" { # c\n  a = "x"\n}\n', ['b "l" { # c\n  a = "x"\n}', '{ # c\n  a = "x"\n}', 'a = "x"', '"x"']],
  [
    'a = { k = "v" /* x */, "l" : [1 , 2 ] }',
    [
      'a = { k = "v" /* x */, "l" : [1 , 2 ] }',
      '{ k = "v" /* x */, "l" : [1 , 2 ] }',
      'k',
      '"v"',
      '"l"',
      '[1 , 2 ]',
      '1',
      '2',
    ],
  ],
  ['a = <<EOT\nx ${y} z\nEOT\nb = 2\n', ['a = <<EOT\nx ${y} z\nEOT', '<<EOT\nx ${y} z\nEOT', 'b = 2', '2']],
  [
    'a = merge(x, {\n  b = 1\n})\n',
    ['a = merge(x, {\n  b = 1\n})', 'merge(x, {\n  b = 1\n})', 'x', '{\n  b = 1\n}', 'b', '1'],
  ],
  ['a = "x-${y}" # c', ['a = "x-${y}"', '"x-${y}"']],
  ['a =\n', ['broken at 1:4']],
])('the place of each part of %j', (text, parts) => {
  expect(pieces(text)).toEqual(parts);
});
