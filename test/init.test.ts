import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { commitAll, type Files, writeFiles } from './support/estates.ts';
import { git, karma, karmaOk, root } from './support/karma.ts';

/** `karma init`: what it writes loads, says why each line stands, and changes nothing of the graph. */
const folder = mkdtempSync(join(tmpdir(), 'karma-init-'));
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));

const module = 'variable "name" { default = "x" }\noutput "name" { value = var.name }\n';
const unit = 'terraform { source = "../../../modules/app" }\n';

/** Estates that convention reads one way, and a careless pattern another. */
const odd: Readonly<Record<string, Files>> = {
  'environments beside folders that are none': {
    'live/dev/app/terragrunt.hcl': unit,
    'live/prod/app/terragrunt.hcl': unit,
    'live/bootstrap/app/terragrunt.hcl': unit,
    'modules/app/main.tf': module,
  },
  'two depths of environments': {
    'non-prod/eu/qa/app/terragrunt.hcl': 'terraform { source = "../../../../modules/app" }\n',
    'non-prod/eu/dev/app/terragrunt.hcl': 'terraform { source = "../../../../modules/app" }\n',
    'prod/eu/app/terragrunt.hcl': unit,
    'modules/app/main.tf': module,
  },
  'files of variables of which some belong to all': {
    'app/main.tf': `terraform {\n  backend "local" {}\n}\n${module}`,
    'app/envs/common.tfvars': 'name = "c"\n',
    'app/envs/dev.tfvars': 'name = "d"\n',
    'app/envs/prod.tfvars': 'name = "p"\n',
    'web/main.tf': `terraform {\n  backend "local" {}\n}\n${module}`,
    'web/env/dev/terraform.tfvars': 'name = "d"\n',
    'web/env/prod/terraform.tfvars': 'name = "p"\n',
  },
  'names that YAML reads otherwise': {
    'live/on/app/terragrunt.hcl': unit,
    'live/prod #1/app/terragrunt.hcl': unit,
    'modules/app/main.tf': module,
  },
};

function estate(name: string, make: (place: string) => void): string {
  const place = join(mkdtempSync(join(folder, 'e-')), name);
  make(place);
  git(place, 'init', '-q', '-b', 'main');
  commitAll(place, 'one');
  return place;
}

/** Everything a graph is made of, one row a line. */
async function graph(where: string): Promise<string> {
  return (await karmaOk(['export'], { cwd: where })).stdout;
}

/** Its lines without the reasons. */
function saidIn(text: string): string[] {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return lines.map((line) => (line.split('  # ')[0] ?? '').trim());
}

async function holds(where: string): Promise<string> {
  const before = await graph(where);
  const printed = (await karmaOk(['init', '--print'], { cwd: where })).stdout;
  expect(existsSync(join(where, 'karma.yaml'))).toBe(false);
  await karmaOk(['init'], { cwd: where });
  expect(readFileSync(join(where, 'karma.yaml'), 'utf8')).toBe(printed);
  for (const line of printed.split('\n').filter((one) => /^\s*(?:- |\S+: )/.test(one)))
    expect(line).toMatch(/ {2}# \S/);
  expect(await graph(where)).toBe(before);
  return printed;
}

describe('karma init', () => {
  it.each<[string, readonly string[]]>([
    ['adage', ['layouts: [adage]']],
    ['twelve', ['layouts: [adage]']],
    ['terragrunt', ['layouts: [terragrunt]', 'environments:', '- "live/{environment}/**"']],
    [
      'terraform',
      [
        'layouts: [terraform]',
        'terraform:',
        'varFiles:',
        '- "envs/{environment}.tfbackend"',
        '- "envs/{environment}.tfvars"',
      ],
    ],
  ])('says of the example %s what it is', async (name, lines) => {
    const where = estate(name, (place) => {
      cpSync(join(root, 'examples', name), place, { recursive: true });
      rmSync(join(place, 'karma.yaml'), { force: true });
    });
    expect(saidIn(await holds(where))).toEqual([`estate: ${name}`, ...lines]);
  });

  it.each<[string, readonly string[]]>([
    [
      'environments beside folders that are none',
      [
        'layouts: [terragrunt]',
        'environments:',
        '- { pattern: "live/dev/**", environment: dev }',
        '- { pattern: "live/prod/**", environment: prod }',
      ],
    ],
    [
      'two depths of environments',
      [
        'layouts: [terragrunt]',
        'environments:',
        '- "non-prod/eu/{environment}/**"',
        '- { pattern: "prod/**", environment: prod }',
      ],
    ],
    // `common.tfvars` is everybody's, which no pattern can say.
    ['files of variables of which some belong to all', ['layouts: [terraform]']],
    [
      'names that YAML reads otherwise',
      ['layouts: [terragrunt]', 'environments:', '- { pattern: "live/**", environment: live }'],
    ],
  ])('changes nothing of an estate with %s', async (name, lines) => {
    const where = estate('odd', (place) => void writeFiles(place, odd[name] ?? {}));
    expect(saidIn(await holds(where))).toEqual(['estate: odd', ...lines]);
  });

  it('writes over no file, whoever wrote it, and shows what it would say', async () => {
    const files = { ...odd['two depths of environments'], 'karma.yaml': 'frameworks: [mocha]\n' };
    const where = estate('other', (place) => void writeFiles(place, files));
    const { code, stderr } = await karma(['init'], { cwd: where });
    expect([code, stderr]).toEqual([64, expect.stringMatching(/karma\.yaml is there already[\s\S]*--print/)]);
    expect(readFileSync(join(where, 'karma.yaml'), 'utf8')).toBe(files['karma.yaml']);
    expect((await karmaOk(['init', '--print'], { cwd: where })).stdout).toContain('layouts: [terragrunt]');
  });

  it('says nothing where nothing is recognised', async () => {
    const where = estate('empty', (place) => void writeFiles(place, { 'README.md': 'x\n' }));
    expect(await karma(['init'], { cwd: where })).toMatchObject({
      code: 64,
      stderr: expect.stringContaining('karma doctor'),
    });
    expect(existsSync(join(where, 'karma.yaml'))).toBe(false);
  });
});
