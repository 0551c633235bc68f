import { beforeAll, describe, expect, it } from 'vitest';
import { parseJsonHcl, terraformBlocks, terragruntBlocks } from './json.ts';
import { loadGrammar } from './parse.ts';
import { parseTfvars } from './tfvars.ts';
import type { Body } from './tree.ts';

beforeAll(loadGrammar);

/** Blocks as `type labels…(attributes)`. */
function outline(body: Body): string[] {
  return body.blocks.map(({ type, labels, body: { attributes, blocks } }) => {
    const inner = [...attributes.keys(), ...blocks.map((block) => `${[block.type, ...block.labels].join(' ')} {}`)];
    return `${[type, ...labels].join(' ')} (${inner.join(', ')})`;
  });
}

describe('JSON syntax', () => {
  it('reads Terraform', () => {
    const text = JSON.stringify({
      resource: { aws_s3_bucket: { a: { bucket: 'x-${var.y}' }, b: [{ count: 1 }, { count: 2 }] } },
      locals: [{ p: 1 }, { q: 2 }],
      terraform: { backend: { s3: { key: 'k' } }, required_version: '>= 1' },
      variable: { y: { default: null } },
      '//': 'a comment',
    });
    const { body, errors } = parseJsonHcl(text, terraformBlocks);
    expect(errors).toEqual([]);
    expect(outline(body)).toEqual([
      'resource aws_s3_bucket a (bucket)',
      'resource aws_s3_bucket b (count)',
      'resource aws_s3_bucket b (count)',
      'locals (p)',
      'locals (q)',
      'terraform (required_version, backend s3 {})',
      'variable y (default)',
    ]);
    expect(body.blocks[0]?.body.attributes.get('bucket')?.value.kind).toBe('template');
  });
  it('reads Terragrunt, with includes named or not', () => {
    const named = parseJsonHcl('{"include": {"root": {"path": "p"}, "env": {"path": "q"}}}', terragruntBlocks);
    expect(outline(named.body)).toEqual(['include root (path)', 'include env (path)']);
    const bare = parseJsonHcl(
      '{"include": {"path": "p"}, "inputs": {"a": "${dependency.b.outputs.c}"}}',
      terragruntBlocks,
    );
    expect(outline(bare.body)).toEqual(['include (path)']);
    expect([...bare.body.attributes.keys()]).toEqual(['inputs']);
  });
  it('says where it breaks off and keeps what stood before', () => {
    const { body, errors } = parseJsonHcl('{\n  "locals": {"a": 1},\n  "inputs": {"b": 2,\n', terragruntBlocks);
    expect(errors).toMatchObject([{ at: { line: 4 } }]);
    expect(outline(body)).toEqual(['locals (a)']);
    expect([...body.attributes.keys()]).toEqual(['inputs']);
  });
  it('refuses what is too deep', () => {
    expect(parseJsonHcl(`{"a":${'['.repeat(200)}`, {}).errors.length).toBeGreaterThan(0);
  });
  it.each(['', 'x', '{"a"}', '{"a":1}}', '[1]', '{"a":"\\x"}', '{"a":1 "b":2}'])('does not throw on %j', (text) => {
    expect(parseJsonHcl(text, terraformBlocks).errors.length).toBeGreaterThan(0);
  });
});

describe('variables files', () => {
  it('hold attributes only', () => {
    const { body, errors } = parseTfvars('a = 1\nb { c = 2 }\n');
    expect([...body.attributes.keys()]).toEqual(['a']);
    expect(body.blocks).toEqual([]);
    expect(errors).toMatchObject([{ at: { line: 2, column: 1 } }]);
    expect([...parseTfvars('{"a": [1]}', true).body.attributes.keys()]).toEqual(['a']);
  });
});
