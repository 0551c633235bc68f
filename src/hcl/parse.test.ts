import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadGrammar, parseHcl, parseTemplate } from './parse.ts';
import type { Expression, TemplatePart } from './tree.ts';

beforeAll(loadGrammar);

/** The expression written as HCL with every precedence in parentheses, so that a test reads in one line. */
function show(expression: Expression | undefined): string {
  if (expression === undefined) return '(none)';
  switch (expression.kind) {
    case 'literal':
      return JSON.stringify(expression.value);
    case 'variable':
      return expression.name;
    case 'template':
      return `\`${showParts(expression.parts)}\``;
    case 'access':
      return `${show(expression.on)}${showStep(expression.step)}`;
    case 'splat':
      return `${show(expression.on)}[*]{${expression.steps.map(showStep).join('')}}`;
    case 'call':
      return `${expression.name}(${expression.args.map(show).join(', ')}${expression.expand ? '...' : ''})`;
    case 'unary':
      return `(${expression.op}${show(expression.operand)})`;
    case 'binary':
      return `(${show(expression.left)} ${expression.op} ${show(expression.right)})`;
    case 'conditional':
      return `(${show(expression.condition)} ? ${show(expression.then)} : ${show(expression.otherwise)})`;
    case 'tuple':
      return `[${expression.items.map(show).join(', ')}]`;
    case 'object':
      return `{${expression.items.map(({ key, value }) => `${show(key)} = ${show(value)}`).join(', ')}}`;
    case 'for': {
      const { keyName, valueName, collection, key, value, condition, grouping } = expression;
      const names = keyName === undefined ? valueName : `${keyName}, ${valueName}`;
      const result = key === undefined ? show(value) : `${show(key)} => ${show(value)}`;
      const when = condition === undefined ? '' : ` if ${show(condition)}`;
      return `for(${names} in ${show(collection)} : ${result}${grouping ? '...' : ''}${when})`;
    }
    case 'bad':
      return 'bad';
  }
}

function showStep(step: { kind: 'attr'; name: string } | { kind: 'index'; key: Expression }): string {
  return step.kind === 'attr' ? `.${step.name}` : `[${show(step.key)}]`;
}

function showParts(parts: readonly TemplatePart[]): string {
  return parts
    .map((part) => {
      if (part.kind === 'text') return part.text;
      if (part.kind === 'interpolation') return `<${show(part.value)}>`;
      if (part.kind === 'if')
        return `<if ${show(part.condition)}|${showParts(part.then)}|${showParts(part.otherwise)}>`;
      return `<for ${part.keyName ?? '_'},${part.valueName} in ${show(part.collection)}|${showParts(part.body)}>`;
    })
    .join('');
}

const value = (text: string) => show(parseHcl(`x = ${text}\n`).body.attributes.get('x')?.value);

describe('expressions', () => {
  it.each([
    ['1', '1'],
    ['-1.5', '-1.5'],
    ['0x1F', '31'],
    ['true', 'true'],
    ['null', 'null'],
    ['"a\\tb\\"c\\u0041"', '"a\\tb\\"cA"'],
    ['"$${no} %%{no}"', '"${no} %{no}"'],
    ['""', '""'],
    ['" a ${b} c "', '` a <b> c `'],
    ['"${b}"', '`<b>`'],
    ['"  a ${~ b ~}  c"', '`  a<b>c`'],
    ['local.a.b[0].c', 'local.a.b[0].c'],
    ['a.0.1.b', 'a[0][1].b'],
    ['a["k"][b.c]', 'a["k"][b.c]'],
    ['a[*].b[0].c', 'a[*]{.b[0].c}'],
    ['a.*.b[0]', 'a[*]{.b}[0]'],
    ['a[*].b[*].c', 'for(*element in a[*]{} : *element.b[*]{.c})'],
    ['1 + 2 * 3', '(1 + (2 * 3))'],
    ['(1 + 2) * 3', '((1 + 2) * 3)'],
    ['a - b - c', '((a - b) - c)'],
    ['!a && b || c == d', '(((!a) && b) || (c == d))'],
    ['a ? b : c ? d : e ? f : g', '(a ? b : (c ? d : (e ? f : g)))'],
    ['(a ? b : c) ? d : e', '((a ? b : c) ? d : e)'],
    ['a ? b : (c ? d : e)', '(a ? b : (c ? d : e))'],
    ['a ? (b ? 1 : 2) : c ? d : e', '(a ? (b ? 1 : 2) : (c ? d : e))'],
    ['a ? b ? 1 : 2 : c', '(a ? (b ? 1 : 2) : c)'],
    ['a == "" && b.c != 1', '((a == "") && (b.c != 1))'],
    ['f(a, b...)', 'f(a, b...)'],
    ['f(\n  a,\n  b,\n)', 'f(a, b)'],
    ['provider::aws::arn_parse(a).id', 'provider::aws::arn_parse(a).id'],
    ['[1, [2], {}]', '[1, [2], {}]'],
    [
      '{ a = 1, "b" = 2, (c) = 3, "${d}-x" = 4, true = 5, 6 = 7, e : 8 }',
      '{"a" = 1, "b" = 2, c = 3, `<d>-x` = 4, "true" = 5, 6 = 7, "e" = 8}',
    ],
    ['[for v in a : v.id if v.on]', 'for(v in a : v.id if v.on)'],
    ['{ for k, v in a : k => v... if v != null }', 'for(k, v in a : k => v... if (v != null))'],
    ['"%{ if a }x%{ else }y%{ endif }"', '`<if a|x|y>`'],
    ['"%{ if a }%{ if b }x%{ endif }y%{ endif }z"', '`<if a|<if b|x|>y|>z`'],
    ['"%{ for k, v in a ~} ${v} %{ endfor }"', '`<for k,v in a|<v> >`'],
  ])('%s', (text, expected) => {
    expect(value(text)).toBe(expected);
  });

  it('says where each stands', () => {
    const { body } = parseHcl('\n  a = f(\n    b.c)\n');
    const call = body.attributes.get('a')?.value;
    expect(call).toMatchObject({ at: { line: 2, column: 7 }, args: [{ at: { line: 3, column: 5 } }] });
  });
});

describe('heredocs', () => {
  it('keep their lines, with the last break', () => {
    expect(value('<<EOF\n  a ${b}\n\n c\n  EOF')).toBe('`  a <b>\n\n c\n`');
  });
  it('lose the smallest indentation with <<-, empty lines apart', () => {
    expect(value('<<-EOT\n    a\n\n      ${b}\n    EOT')).toBe('`a\n\n  <b>\n`');
  });
  it('know no backslash', () => {
    expect(value('<<EOF\n\\n $${a}\nEOF')).toBe(JSON.stringify('\\n ${a}\n'));
  });
  it('with directives, as templates are mostly written', () => {
    expect(value('<<EOF\n%{ for ip in ips ~}\nserver ${ip}\n%{ endfor ~}\nEOF')).toBe(
      '`<for _,ip in ips|server <ip>\n>`',
    );
  });
  it('with Windows line ends', () => {
    expect(value('<<EOF\r\na\r\nEOF\r')).toBe(JSON.stringify('a\r\n'));
  });
});

describe('bodies', () => {
  it('hold attributes and blocks, labels quoted or bare', () => {
    const { body, errors } = parseHcl(
      '\ufeffa = 1 # why\r\nresource "x" y {\r\n  b = 2\r\n}\r\ninclude { path = "p" }\r\n',
    );
    expect(errors).toEqual([]);
    expect([...body.attributes.keys()]).toEqual(['a']);
    expect(body.blocks.map(({ type, labels, body: { attributes } }) => [type, labels, [...attributes.keys()]])).toEqual(
      [
        ['resource', ['x', 'y'], ['b']],
        ['include', [], ['path']],
      ],
    );
  });
  it('note a name that stands twice', () => {
    expect(parseHcl('a = 1\na = 2\n').body.duplicates).toEqual([{ name: 'a', at: { line: 2, column: 1 } }]);
  });
  it('are empty for an empty text', () => {
    expect(parseHcl('')).toMatchObject({ body: { blocks: [] }, errors: [] });
    expect(parseHcl('# nothing\n').errors).toEqual([]);
  });
});

describe('broken files', () => {
  it('give what stands around the error, at any depth', () => {
    const text = 'locals {\n  a = 1\n  b = = 2\n  c = 3\n}\ndependency "vpc" {\n  config_path = "../vpc"\n}\n';
    const { body, errors } = parseHcl(text);
    expect(errors).toMatchObject([{ at: { line: 3 } }]);
    expect(body.blocks.map(({ type }) => type)).toEqual(['locals', 'dependency']);
    const locals = body.blocks[0]?.body.attributes;
    expect([...(locals?.keys() ?? [])]).toEqual(['a', 'b', 'c']);
    expect(locals?.get('b')?.value.kind).toBe('bad');
  });
  it('keep the rest of a block that is not closed', () => {
    const { body, errors } = parseHcl('a "b" {\n  c = 1\n\nd {\n  e = 2\n}\n');
    expect(errors.length).toBeGreaterThan(0);
    expect(body.blocks.map(({ type }) => type)).toEqual(['a', 'd']);
  });
  it.each([
    ['garbage', '}}}} ((( <<EOT\n', 1],
    ['brackets', '((((', 1],
    ['bytes that are no text', '\ufffd\ufffd\u0000\u0001', 1],
    ['a word', 'resource', 1],
    ['something before the first block', '= = =\na = 1\n', 1],
    ['something behind the last block', 'a = 1\n}}}\n', 2],
    ['a merge conflict', '<<<<<<< HEAD\na = 1\n=======\nb = 2\n>>>>>>> other\n', 3],
  ])('are never taken for empty ones: %s', (_what, text, line) => {
    expect(parseHcl(text).errors[0]).toMatchObject({ at: { line } });
  });
  it('refuse what is too large or too deep, without a crash', () => {
    expect(parseHcl(`a = ${'['.repeat(101)}${']'.repeat(101)}\n`).errors).toMatchObject([{ at: { line: 1 } }]);
    expect(parseHcl(' '.repeat(5 * 1024 * 1024 + 1)).errors).toHaveLength(1);
    expect(parseHcl(`a = ${'1 + '.repeat(50_000)}1\n`)).toBeDefined();
  });
  it('never throw, and answer the same twice', () => {
    const piece = fc.constantFrom(
      'a',
      ' = ',
      '{',
      '}',
      '"',
      '${',
      '[',
      ']',
      '(',
      '\n',
      '<<EOF\n',
      'EOF\n',
      '.',
      '*',
      '%{ if ',
      '1',
      '?',
      ':',
      ',',
      '#',
      '~',
      'é',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const text = pieces.join('');
        expect(parseHcl(text)).toEqual(parseHcl(text));
      }),
      { numRuns: 300 },
    );
  });
});

describe('bare templates', () => {
  it.each([
    ['plain', '"plain"'],
    ['a ${b}', '`a <b>`'],
    ['${b}', '`<b>`'],
    ['%{ for x in y ~}\n  ${x}\n%{ endfor ~}\nend', '`<for _,x in y|<x>\n>end`'],
    ['EOF ${KARMA}\nKARMA\n', '`EOF <KARMA>\nKARMA\n`'],
    ['broken ${', 'bad'],
  ])('%s', (text, expected) => {
    expect(show(parseTemplate(text))).toBe(expected);
  });
});
