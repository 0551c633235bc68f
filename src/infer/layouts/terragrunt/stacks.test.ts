import { beforeAll, describe, expect, it } from 'vitest';
import { loadGrammar } from '../../../hcl/parse.ts';
import { viewOf } from '../../terraform/memory-view.fixture.ts';
import { type Files, readEstate } from './small-estate.fixture.ts';

beforeAll(loadGrammar);

const app = 'dependency "vpc" {\n  config_path = values.vpc\n}\ninputs = {\n  id = dependency.vpc.outputs.id\n}\n';

describe('stacks', () => {
  it.each<[title: string, files: Files, edges: string[]]>([
    [
      'units with values, read without generating them',
      {
        'units/vpc/terragrunt.hcl': '',
        'units/app/terragrunt.hcl': app,
        'live/terragrunt.stack.hcl': `locals {
  units = "\${get_repo_root()}/units"
}
unit "vpc" {
  source = "\${local.units}/vpc"
  path   = "vpc"
}
unit "app" {
  source = "../units/app"
  path   = "apps/app"
  values = {
    vpc = "../../vpc"
  }
}
`,
      },
      ['live/.terragrunt-stack/apps/app -> live/.terragrunt-stack/vpc /id'],
    ],
    [
      'beside the stack file with no_dot_terragrunt_stack',
      {
        'units/vpc/terragrunt.hcl': '',
        'units/app/terragrunt.hcl': app,
        'live/terragrunt.stack.hcl': `unit "vpc" {
  source = "../units/vpc"
  path   = "vpc"
  no_dot_terragrunt_stack = true
}
unit "app" {
  source = "../units/app"
  path   = "app"
  values = {
    vpc = unit.vpc.path
  }
}
`,
      },
      ['live/.terragrunt-stack/app -> live/vpc /id'],
    ],
    [
      'stacks in stacks, with values handed down and units injected',
      {
        'units/vpc/terragrunt.hcl': '',
        'units/app/terragrunt.hcl': app,
        'stacks/env/terragrunt.stack.hcl': `unit "vpc" {
  source = "\${get_repo_root()}/units/vpc"
  path   = values.name
}
`,
        'live/terragrunt.stack.hcl': `stack "env" {
  source = "../stacks/env"
  path   = "env"
  values = {
    name = "net"
  }
  autoinclude {
    unit "app" {
      source = "\${get_repo_root()}/units/app"
      path   = "app"
      values = {
        vpc = "../net"
      }
    }
  }
}
`,
      },
      ['live/.terragrunt-stack/env/.terragrunt-stack/app -> live/.terragrunt-stack/env/.terragrunt-stack/net /id'],
    ],
    [
      'a dependency on a stack leads to each of its units',
      {
        'units/a/terragrunt.hcl': '',
        'net/terragrunt.stack.hcl': `unit "vpc" {
  source = "../units/a"
  path   = "vpc"
}
unit "dns" {
  source = "../units/a"
  path   = "dns"
}
`,
        'app/terragrunt.hcl':
          'dependency "net" {\n  config_path = "../net"\n}\ninputs = {\n  id = dependency.net.outputs.vpc.id\n}\n',
      },
      ['app -> net/.terragrunt-stack/dns /vpc/id', 'app -> net/.terragrunt-stack/vpc /id /vpc/id'],
    ],
    [
      'what a stack injects into a unit replaces its own block of that name',
      {
        'units/a/terragrunt.hcl': '',
        'units/app/terragrunt.hcl': 'dependency "net" {\n  config_path = "../nowhere"\n}\n',
        'live/terragrunt.stack.hcl': `locals {
  key = "id"
}
unit "net" {
  source = "../units/a"
  path   = "net"
}
unit "app" {
  source = "../units/app"
  path   = "app"
  autoinclude {
    dependency "net" {
      config_path = unit.net.path
    }
    inputs = {
      id = dependency.net.outputs.id
    }
  }
}
`,
      },
      ['live/.terragrunt-stack/app -> live/.terragrunt-stack/net /id'],
    ],
    [
      'included stack files',
      {
        'units/a/terragrunt.hcl': '',
        'units/b/terragrunt.hcl': 'dependency "a" {\n  config_path = "../a"\n}\n',
        'common/more.hcl': 'unit "b" {\n  source = "../units/b"\n  path = "b"\n}\n',
        'live/terragrunt.stack.hcl': `include "more" {
  path = "../common/more.hcl"
}
unit "a" {
  source = "../units/a"
  path   = "a"
}
`,
      },
      ['live/.terragrunt-stack/b -> live/.terragrunt-stack/a', 'units/b -> units/a'],
    ],
  ])('%s', (_title, files, edges) => {
    expect(readEstate(files).edges).toEqual(edges);
  });

  it('that others are made from, or that lack values, are no stacks of their own', () => {
    const { claims, passedOver } = readEstate({
      'units/a/terragrunt.hcl': '',
      'stacks/env/terragrunt.stack.hcl': 'unit "a" {\n  source = "${get_repo_root()}/units/a"\n  path = "a"\n}\n',
      'stacks/lone/terragrunt.stack.hcl': 'unit "a" {\n  source = values.source\n  path = "a"\n}\n',
      'live/terragrunt.stack.hcl': 'stack "env" {\n  source = "../stacks/env"\n  path = "env"\n}\n',
    });
    expect([...claims.keys()]).toEqual(['live/.terragrunt-stack/env/.terragrunt-stack/a', 'units/a']);
    expect(passedOver).toEqual([
      'stacks/env: a stack that others are made from',
      'stacks/lone: a stack that needs values nobody gives',
    ]);
  });

  it('made from a source elsewhere hold their units all the same, as blind spots', () => {
    const files = {
      'live/terragrunt.stack.hcl': `unit "vpc" {
  source = "git::https://example.com/catalog.git//units/vpc?ref=v1.0.0"
  path   = "vpc"
}
`,
    };
    const { claims, findings } = readEstate(files);
    expect(claims.get('live/.terragrunt-stack/vpc')?.blindSpots.map(({ code }) => code)).toEqual(['module-not-read']);
    expect(findings).toContain('module-not-read live/terragrunt.stack.hcl unit.vpc.source');
  });

  it('made from a source at hand elsewhere are read from there', () => {
    const files = {
      'live/terragrunt.stack.hcl': `unit "vpc" {
  source = "git::https://example.com/catalog.git//units/vpc?ref=v1.0.0"
  path   = "vpc"
}
unit "app" {
  source = "github.com/acme/catalog//units/app?ref=v1.0.0"
  path   = "app"
  values = {
    vpc = "../vpc"
  }
}
`,
    };
    const catalog = viewOf({ 'units/vpc/terragrunt.hcl': '', 'units/app/terragrunt.hcl': app }, 'catalog@v1.0.0');
    const { edges, claims } = readEstate(files, { elsewhere: () => catalog });
    expect(edges).toEqual(['live/.terragrunt-stack/app -> live/.terragrunt-stack/vpc /id']);
    const files_ = Object.keys(claims.get('live/.terragrunt-stack/app')?.readSet.files ?? {});
    expect(files_).toContain('catalog@v1.0.0:units/app/terragrunt.hcl');
    expect(files_).toContain('live/terragrunt.stack.hcl');
  });

  it('made from themselves end somewhere, with a finding', () => {
    const { findings } = readEstate({
      'a/terragrunt.stack.hcl': 'stack "a" {\n  source = "${get_repo_root()}/a"\n  path = "a"\n}\n',
    });
    expect(findings.filter((finding) => finding.startsWith('include-loop')).length).toBe(1);
  });
});
