import { beforeAll, describe, expect, it } from 'vitest';
import { loadGrammar } from '../../../hcl/parse.ts';
import { readEstate } from './small-estate.fixture.ts';

beforeAll(loadGrammar);

const units = (...names: readonly string[]) => Object.fromEntries(names.map((name) => [`${name}/terragrunt.hcl`, '']));

describe('a dependency block with an expansion', () => {
  it('is one dependency for each turn, and each consumes what is read of it', () => {
    const { edges, findings } = readEstate({
      ...units('db-0', 'db-1', 'dev', 'prod', 'eu', 'us'),
      'app/terragrunt.hcl': `dependency "db" {
  expansion {
    count = 2
  }
  config_path = "../db-\${count.index}"
}
dependency "env" {
  expansion {
    for_each = toset(["dev", "prod"])
  }
  config_path = "../\${each.key}"
}
dependency "region" {
  expansion {
    for_each = { a = "eu", b = "us" }
  }
  config_path = "../\${each.value}"
}
inputs = {
  first   = dependency.db[0].outputs.id
  second  = dependency.db["1"].outputs.name
  all     = { for name, one in dependency.env : name => one.outputs.id }
  regions = values(dependency.region)[*].outputs.zone
  whole   = dependency.region["b"]
}
`,
    });
    expect(edges).toEqual([
      'app -> db-0 /id',
      'app -> db-1 /name',
      'app -> dev /id',
      'app -> eu /zone',
      'app -> prod /id',
      'app -> us *',
    ]);
    expect(findings).toEqual([]);
  });

  it('leads nowhere when it has no turns, and says so when they cannot be told', () => {
    const { edges, findings, claims } = readEstate({
      ...units('db-0'),
      'none/terragrunt.hcl':
        'dependency "db" {\n  expansion {\n    count = 0\n  }\n  config_path = "../db-0"\n}\ninputs = {\n  x = { for k, v in dependency.db : k => v.outputs.id }\n}\n',
      'open/terragrunt.hcl':
        'dependency "db" {\n  expansion {\n    count = run_cmd("x")\n  }\n  config_path = "../db-0"\n}\n',
      'both/terragrunt.hcl':
        'dependency "db" {\n  expansion {\n    count    = 1\n    for_each = {}\n  }\n  config_path = "../db-0"\n}\n',
    });
    expect(edges).toEqual([]);
    expect(findings).toEqual([
      'evaluation-failed both dependency.db.expansion:1',
      'file-outside open run_cmd what run_cmd answers',
      'unknown-path open dependency.db.expansion:1',
    ]);
    expect(claims.get('none')?.blindSpots).toEqual([]);
    expect(claims.get('open')?.blindSpots.map(({ code }) => code)).toEqual(['unknown-path', 'file-outside']);
  });
});

describe('where an output is read', () => {
  it('is the line that names it, however deep it stands', () => {
    const { claims } = readEstate({
      ...units('net', 'db'),
      'app/terragrunt.hcl': `dependency "net" {
  config_path = "../net"
}
dependency "db" {
  config_path = "../db"
}
inputs = merge({ a = 1 }, {
  sa = {
    email = dependency.net.outputs.email
  }
  ids = [
    dependency.net.outputs.one,
    dependency.db.outputs.two,
  ]
})
`,
    });
    const app = claims.get('app');
    const lines = app?.needs.flatMap(({ consumes, evidence }) =>
      consumes.map((pointer) => `${pointer} ${evidence.site} ${app.component.sites[evidence.site]?.[1]}`),
    );
    expect(lines?.sort()).toEqual(['/email inputs.sa.email 9', '/one inputs.ids 12', '/two inputs.ids (2) 13']);
  });
});
