import { beforeAll, describe, expect, it } from 'vitest';
import { graphFrom } from '../../graph/graph.ts';
import { loadGrammar } from '../../hcl/parse.ts';
import { terragruntLayout } from '../../infer/layouts/terragrunt/layout.ts';
import { estateOf } from '../../infer/layouts/terragrunt/small-estate.fixture.ts';
import { Resolver } from '../../infer/resolver.ts';
import { ComparisonReasons } from './compare-reasons.ts';

beforeAll(loadGrammar);

const files = {
  'a/terragrunt.hcl': '',
  'b/terragrunt.hcl': '',
  'app/terragrunt.hcl': 'dependency "a" {\n  config_path = "../a"\n}\n',
  'open/terragrunt.hcl':
    'dependencies {\n  paths = ["../a"]\n}\ndependency "x" {\n  config_path = run_cmd("where")\n}\n',
  'file/terragrunt.hcl': 'dependency "a" {\n  config_path = "../a/terragrunt.hcl"\n}\n',
  'lost/terragrunt.hcl': 'dependency "gone" {\n  config_path = "../gone"\n}\n',
  'reader/terragrunt.hcl': 'terraform {\n  source = "../modules/reader"\n}\n',
  'writer/terragrunt.hcl': 'terraform {\n  source = "../modules/writer"\n}\n',
  'modules/reader/main.tf': 'data "aws_ssm_parameter" "p" {\n  name = "/p"\n}\n',
  'modules/writer/main.tf': 'resource "aws_ssm_parameter" "p" {\n  name  = "/p"\n  value = "v"\n}\n',
};

const found = (...units: readonly (readonly [path: string, ...dependencies: string[]])[]) =>
  units.map(([path, ...dependencies]) => ({ path, type: 'unit', dependencies }));

function reasons(...units: readonly (readonly [path: string, ...dependencies: string[]])[]) {
  const open = terragruntLayout.open(estateOf(files));
  const resolver = new Resolver([]);
  resolver.load(open.discover().candidates.map((candidate) => open.claim(candidate)));
  const graph = graphFrom(resolver.rows.values());
  const told = new ComparisonReasons(graph, found(...units));
  return {
    karma: (from: string, to: string) => {
      const edge = graph.edgeBetween(graph.node(from) ?? -1, graph.node(to) ?? -1);
      return told.ofKarma(from, to, edge === undefined ? [] : graph.evidence(edge));
    },
    terragrunt: (from: string, to: string) => told.ofTerragrunt(from, to).reason,
  };
}

describe('the reason of an edge that Karma alone has', () => {
  it('is that Terragrunt does not order by what a module reads', () => {
    expect(reasons(['reader'], ['writer']).karma('reader', 'writer')).toBe(
      'found by parameter-read, and Terragrunt orders by dependency blocks alone',
    );
  });

  it('is what fails in the unit only where something does', () => {
    expect(reasons(['open'], ['a']).karma('open', 'a')).toContain('gives up on all edges of a unit');
    expect(reasons(['app'], ['a']).karma('app', 'a')).toBe(
      'Terragrunt has no edge of this unit, and nothing in its files shows why',
    );
  });

  it('is what the list shows: other edges, no such unit', () => {
    expect(reasons(['app', 'b'], ['a'], ['b']).karma('app', 'a')).toBe(
      'Terragrunt has other edges of this unit and not this one',
    );
    expect(reasons(['a']).karma('app', 'a')).toBe('Terragrunt does not list this unit');
    expect(reasons(['app', 'b'], ['b']).karma('app', 'a')).toBe('Terragrunt lists no unit a');
  });

  it('is that a path names a file', () => {
    expect(reasons(['file'], ['a']).karma('file', 'a')).toBe(
      'Terragrunt reads these outputs and does not order by them',
    );
  });
});

describe('the reason of an edge that Terragrunt alone has', () => {
  it('is a finding that could hide it, and never another one', () => {
    expect(reasons().terragrunt('open', 'b')).toContain('what it could not read may hide it');
    expect(reasons().terragrunt('reader', 'a')).toBe('Karma found no such reference, and no fault that would hide it');
    expect(reasons().terragrunt('lost', 'gone')).toBe(
      'the path leads to no unit: Karma has a finding instead of an edge',
    );
    expect(reasons().terragrunt('app', 'elsewhere')).toBe('the path leads to no unit');
    expect(reasons().terragrunt('nowhere', 'a')).toBe('Karma has no such unit');
  });
});
