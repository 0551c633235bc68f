import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, matchesGlob } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { writeFiles } from './support/estates.ts';
import { karma, karmaOk, karmaSeveral, root } from './support/karma.ts';

/** Schemas for editors, held to a validator that is not Karma's: what passes here passes `config validate`, and nothing else. */
const folder = mkdtempSync(join(tmpdir(), 'karma-schemas-'));
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));

interface SchemaFile {
  readonly path: string;
  readonly fits: readonly string[];
  readonly schema: object;
}

function example(name: string): string {
  const where = mkdtempSync(join(folder, `${name}-`));
  cpSync(join(root, 'examples', name), where, { recursive: true });
  return where;
}

async function schemasOf(where: string): Promise<readonly SchemaFile[]> {
  return (JSON.parse((await karmaOk(['schemas', '--json'], { cwd: where })).stdout) as { files: SchemaFile[] }).files;
}

function validator(schema: object): (value: unknown) => boolean {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  formats.default(ajv);
  // The one format that Karma adds; an editor that does not know it lets it pass.
  ajv.addFormat('cidr', /^[0-9a-fA-F:.]+\/\d{1,3}$/);
  return ajv.compile(schema);
}

const filesIn = (where: string) =>
  readdirSync(where, { recursive: true, encoding: 'utf8' }).map((file) => file.replaceAll('\\', '/'));

/** Components whose config does not validate. */
async function refused(where: string): Promise<ReadonlySet<string>> {
  const { stdout } = await karma(['config', 'validate', '--json'], { cwd: where });
  const { findings } = JSON.parse(stdout) as { findings: readonly { code: string; subject: string }[] };
  return new Set(findings.filter(({ code }) => code === 'schema-violation').map(({ subject }) => subject));
}

/** Each key of each config once taken away, once of another type: one estate for each key, all configs at once. */
function spoil(config: Record<string, unknown>, turn: number): Record<string, unknown> {
  const keys = Object.keys(config).filter((key) => !key.startsWith('$'));
  const key = keys[Math.floor(turn / 3) % Math.max(1, keys.length)];
  if (key === undefined) return config;
  const { [key]: value, ...rest } = config;
  if (turn % 3 === 0) return rest;
  return turn % 3 === 1
    ? { ...rest, [key]: typeof value === 'string' ? 7 : 'seven' }
    : { ...config, [`${key}_x`]: value };
}

describe('schemas for editors', () => {
  it.each(['adage', 'twelve', 'sixty'])(
    'let pass of %s exactly what `config validate` does, spoilt or not',
    async (name) => {
      const where = example(name);
      const schemas = (await schemasOf(where)).map((file) => ({
        ...file,
        fits: file.fits,
        passes: validator(file.schema),
      }));
      const configs = filesIn(where).filter((file) => matchesGlob(file, 'iac/*/*/*/config.json'));
      const texts = new Map(configs.map((file) => [file, readFileSync(join(where, file), 'utf8')]));
      let spoilt = 0;
      for (let turn = -1; turn < (name === 'sixty' ? 3 : 6); turn++) {
        const written = new Map<string, Record<string, unknown>>();
        for (const [file, text] of texts) {
          const config = JSON.parse(text) as Record<string, unknown>;
          written.set(file, turn < 0 ? config : spoil(config, turn));
          writeFileSync(join(where, file), JSON.stringify(written.get(file)));
        }
        const wrong = await refused(where);
        for (const [file, config] of written) {
          // What lies over another config is judged with it, and nobody else knows that one here.
          if (config['$extends'] !== undefined || file.includes('/_base/')) continue;
          const about = schemas.filter(({ fits }) => fits.some((glob) => matchesGlob(file, glob)));
          expect(about.length, file).toBe(1);
          const id = file.replace(/^iac\//, '').replace(/\/config\.json$/, '');
          expect([file, turn, about.every(({ passes }) => passes(config))]).toEqual([file, turn, !wrong.has(id)]);
          if (wrong.has(id)) spoilt += 1;
        }
      }
      // Else nothing was held to anything.
      if (name !== 'adage') expect(spoilt).toBeGreaterThan(0);
    },
  );

  it.each(['terragrunt', 'terraform'])('let pass of %s what its components are given', async (name) => {
    const where = example(name);
    const wrong = await refused(where);
    const { stdout } = await karmaOk(['list', '--json'], { cwd: where });
    const { components } = JSON.parse(stdout) as { components: readonly { id: string; kind: string }[] };
    let judged = 0;
    const kinds = [...new Set(components.map(({ kind }) => kind))];
    const [ofKinds, shown] = [
      await karmaSeveral(
        kinds.map((kind) => ['type', 'schema', kind]),
        { cwd: where },
      ),
      await karmaSeveral(
        components.map(({ id }) => ['config', 'show', id, '--json']),
        { cwd: where },
      ),
    ];
    for (const [at, { id, kind }] of components.entries()) {
      const asked = ofKinds[kinds.indexOf(kind)];
      if (asked?.code !== 0) continue;
      const passes = validator(JSON.parse(asked.stdout) as object);
      const { keys } = JSON.parse(shown[at]?.stdout ?? '') as {
        keys: readonly { pointer: string; value: unknown; deployment?: string; preset?: true }[];
      };
      const known = keys.filter(
        ({ value, preset }) => preset !== true && !/\$unknown|redacted/.test(JSON.stringify(value)),
      );
      for (const [deployment, all] of Map.groupBy(known, (key) => key.deployment)) {
        const given = Object.fromEntries(all.map(({ pointer, value }) => [pointer.slice(1), value]));
        expect([id, deployment, passes(given)]).toEqual([id, deployment, !wrong.has(id)]);
      }
      judged += known.length;
    }
    expect(judged).toBeGreaterThan(5);
  });

  it('say which inputs name another component, and of which type', async () => {
    const cwd = example('twelve');
    const references = async (type: string) =>
      (JSON.parse((await karmaOk(['type', 'schema', type, '--json'], { cwd })).stdout) as { references: unknown })
        .references;
    expect(await references('ecs-service')).toEqual([
      { key: 'cluster_nickname', type: 'ecs-cluster' },
      { key: 'database_nickname', type: 'rds-postgres' },
    ]);
    expect(await references('rds-postgres')).toEqual([{ key: 'vpc_nickname', type: 'vpc' }]);
  });

  it('of karma.yaml and component.yaml let pass those of the examples, and no word that is misspelt', async () => {
    const files = await schemasOf(example('twelve'));
    const passes = (path: string) => validator(files.find((one) => one.path === path)?.schema ?? {});
    for (const name of ['adage', 'twelve', 'sixty'])
      expect(passes('karma.schema.json')(parse(readFileSync(join(root, 'examples', name, 'karma.yaml'), 'utf8')))).toBe(
        true,
      );
    expect(passes('karma.schema.json')({ estate: 'a', repositries: {} })).toBe(false);
    const types = filesIn(join(root, 'examples')).filter((file) => file.endsWith('/component.yaml'));
    for (const file of types)
      expect(passes('component.schema.json')(parse(readFileSync(join(root, 'examples', file), 'utf8')))).toBe(true);
    expect(passes('component.schema.json')({ checks: [{ cel: 'true' }, 'true'] })).toBe(true);
    expect(passes('component.schema.json')({ cheks: [] })).toBe(false);
  });

  it('are written where they are wanted, and bound by what is printed', async () => {
    const where = writeFiles(join(folder, 'small'), {
      'karma.yaml': 'estate: small\n',
      'iac/dev/vpc/main/config.json': '{}',
      'iac/dev/app/main/config.json': '{ "vpc_nickname": "main" }',
      'components/vpc/main.tf': 'output "id" { value = "x" }\n',
      'components/app/main.tf': 'variable "vpc" { type = any }\noutput "id" { value = var.vpc.id }\n',
      'components/app/component.yaml': 'references: { vpc: vpc }\ninputs: { vpc_nickname: { type: string } }\n',
    });
    const { stdout } = await karmaOk(['schemas', '--out', '.karma/schemas'], { cwd: where });
    expect(JSON.parse(stdout)).toEqual({
      'json.schemas': [
        { fileMatch: ['/iac/*/app/*/config.json'], url: './.karma/schemas/types/app.schema.json' },
        { fileMatch: ['/iac/*/vpc/*/config.json'], url: './.karma/schemas/types/vpc.schema.json' },
      ],
      'yaml.schemas': {
        './.karma/schemas/component.schema.json': ['**/component.yaml'],
        './.karma/schemas/karma.schema.json': ['karma.yaml', '.karma.yaml'],
      },
    });
    const written = JSON.parse(readFileSync(join(where, '.karma/schemas/types/app.schema.json'), 'utf8')) as {
      properties: Record<string, unknown>;
    };
    expect(written.properties['vpc_nickname']).toEqual({ examples: ['main'] });
    expect(JSON.parse((await karmaOk(['type', 'schema', 'app'], { cwd: where })).stdout)).toEqual(written);
  });
});
