import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { covers, outputName } from '../src/model/pointer.ts';
import { karmaOk, root } from './support/karma.ts';

/** What a person says an example means: `test/examples/<name>.truth.json`. */
interface Truth {
  readonly units: readonly string[];
  readonly externals?: readonly string[];
  readonly edges: readonly (readonly [from: string, to: string])[];
  /** Neither right nor wrong. */
  readonly removedEdges?: readonly (readonly [from: string, to: string])[];
  readonly excluded?: readonly { readonly unit: string }[];
  readonly consumes: Readonly<Record<string, readonly string[]>>;
  readonly notEdges: readonly { readonly from: string; readonly to: string; readonly why: string }[];
}

type Line =
  | { readonly kind: 'component'; readonly id: string; readonly external?: boolean }
  | { readonly kind: 'reference'; readonly from: string; readonly to: string; readonly consumes: readonly string[] }
  | { readonly kind: 'finding'; readonly code: string; readonly severity: string; readonly subject: string }
  | { readonly kind: 'parameter' };

const estates = ['three', 'twelve', 'sixty', 'adage', 'terragrunt', 'terraform'];
const folder = mkdtempSync(join(tmpdir(), 'karma-examples-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The example as an estate of its own, outside any repository, exported by the command line. */
async function exported(name: string): Promise<Line[]> {
  const estate = join(folder, name);
  cpSync(join(root, 'examples', name), estate, { recursive: true });
  const args = ['export', '--format', 'jsonl', '-C', estate, '--data', join(folder, `${name}.data`)];
  const { stdout: text } = await karmaOk(args);
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line);
}

const pair = (from: string, to: string) => `${from} -> ${to}`;

describe.each(estates)('examples/%s', (name) => {
  const truth = JSON.parse(readFileSync(join(root, 'test/examples', `${name}.truth.json`), 'utf8')) as Truth;
  const wanted = new Set(truth.edges.map(([from, to]) => pair(from, to)));
  const neutral = new Set((truth.removedEdges ?? []).map(([from, to]) => pair(from, to)));
  const excluded = new Set((truth.excluded ?? []).map(({ unit }) => unit));
  let lines: readonly Line[] = [];
  let found: ReadonlyMap<string, readonly string[]> = new Map();
  beforeAll(async () => {
    lines = await exported(name);
    const references = lines.flatMap((line) => (line.kind === 'reference' && !excluded.has(line.from) ? [line] : []));
    found = new Map(references.map(({ from, to, consumes }) => [pair(from, to), consumes]));
  });

  it('has the components it should have, and no others', () => {
    const own = lines.flatMap((line) => (line.kind === 'component' && line.external !== true ? [line.id] : []));
    const others = lines.flatMap((line) => (line.kind === 'component' && line.external === true ? [line.id] : []));
    expect(own.sort()).toEqual([...truth.units].sort());
    expect(others.sort()).toEqual([...(truth.externals ?? [])].sort());
  });

  it('has every reference, and no false one', () => {
    const unjudged = [...found.keys()].filter((edge) => !neutral.has(edge)).sort();
    expect(unjudged).toEqual([...wanted].sort());
    const tempted = truth.notEdges.filter(({ from, to }) => found.has(pair(from, to)));
    expect(tempted).toEqual([]);
  });

  it('misses nothing that is consumed, and claims no other output', () => {
    const unsound: string[] = [];
    const loose: string[] = [];
    for (const edge of wanted) {
      const truly = truth.consumes[edge] ?? [];
      const said = found.get(edge) ?? [];
      unsound.push(...truly.filter((one) => !said.some((wide) => covers(wide, one))).map((one) => `${edge} ${one}`));
      const names = new Set(truly.map(outputName));
      if (!names.has('*'))
        loose.push(...said.filter((one) => !names.has(outputName(one))).map((one) => `${edge} ${one}`));
    }
    expect({ unsound, loose }).toEqual({ unsound: [], loose: [] });
  });

  it('finds no error in it', () => {
    expect(lines.filter((line) => line.kind === 'finding' && line.severity === 'error')).toEqual([]);
  });
});
