import { beforeAll, describe, expect, it } from 'vitest';
import { loadGrammar } from '../../../hcl/parse.ts';
import type { ReferenceRow } from '../../../model/reference.ts';
import { Resolver } from '../../resolver.ts';
import { adageLayout } from '../adage/layout.ts';
import { config, estateOf, publishing } from '../adage/small-estate.fixture.ts';
import { terraformLayout } from './layout.ts';
import { root } from './small-estate.fixture.ts';

beforeAll(loadGrammar);

const vpc = (...environments: readonly string[]) => ({
  'components/vpc/main.tf': publishing('', 'id'),
  'components/app/main.tf': publishing('', 'id'),
  ...Object.assign(
    {},
    ...environments.map((name) => ({ ...config(`${name}/vpc/main`, {}), ...config(`${name}/app/x`, {}) })),
  ),
});

/** Who a plain root depends on beside an Adage estate: `→` proven, `?` possible. */
function told(files: Readonly<Record<string, string>>, path: string): readonly string[] {
  const estate = estateOf(files);
  const resolver = new Resolver([]);
  const opened = [adageLayout.open(estate), terraformLayout.open(estate)];
  resolver.load(opened.flatMap((open) => open.discover().candidates.map((candidate) => open.claim(candidate))));
  const lines: string[] = [];
  for (const { table, value } of resolver.rows.values()) {
    if (table === 'reference') {
      const { from, to } = JSON.parse(value) as ReferenceRow;
      if (from === path) lines.push(`→ ${to}`);
    }
    if (table === 'component') {
      const { id, blindSpots = [] } = JSON.parse(value) as {
        id: string;
        blindSpots?: { code: string; on?: string[] }[];
      };
      if (id === path) for (const { on = ['anybody'] } of blindSpots) lines.push(...on.map((one) => `? ${one}`));
    }
  }
  return lines.sort();
}

const reading = (name: string) =>
  root(
    'tool',
    `variable "x" {}\ndata "aws_ssm_parameter" "p" {\n  name = ${name}\n}\noutput "o" { value = data.aws_ssm_parameter.p.value }`,
  );

describe('a plain root that reads a parameter of an Adage component', () => {
  it.each<[string, string, string, readonly string[], readonly string[]]>([
    ['by its name, in its environment', 'live/prod/tool', '"/iac/vpc/main/runtime"', ['prod'], ['→ prod/vpc/main']],
    ['by its name, where only one has it', 'tool', '"/iac/vpc/main/runtime"', ['prod'], ['→ prod/vpc/main']],
    [
      'by its name, that of several environments',
      'tool',
      '"/iac/vpc/main/runtime"',
      ['dev', 'prod'],
      ['? dev/vpc/main', '? prod/vpc/main'],
    ],
    ['by a name known in part', 'tool', '"/iac/vpc/${var.x}/runtime"', ['prod'], ['? prod/vpc/main']],
    [
      'by another part of it',
      'tool',
      '"/iac/${var.x}/main/runtime"',
      ['dev', 'prod'],
      ['? dev/vpc/main', '? prod/vpc/main'],
    ],
    ['by a name that nobody has', 'tool', '"/iac/zone/${var.x}/runtime"', ['prod'], []],
    ['by its config', 'tool', '"/iac/vpc/main/config"', ['prod'], ['→ prod/vpc/main']],
  ])('%s', (_, path, name, environments, expected) => {
    expect(told({ ...vpc(...environments), [`${path}/main.tf`]: reading(name) }, path)).toEqual(expected);
  });
});
