import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readEffectiveConfig } from '../../src/config/effective-config.ts';
import { readJson } from '../../src/config/json-document.ts';
import { evaluatedView } from '../../src/engine/objects/evaluated-view.ts';
import { explainInputs } from '../../src/engine/objects/explained-inputs.ts';
import { loadGrammar } from '../../src/hcl/parse.ts';
import { findProgram } from '../../src/run/tool.ts';
import { openEngine } from '../../src/wiring/open.ts';
import { type Files, temporaryFolder, writeFiles } from '../support/estates.ts';
import { root } from '../support/karma.ts';
import { times } from '../support/times.ts';
import { terraform, withoutTerraform } from './real-terraform.fixture.ts';

/**
 * What `config show --explain` says a component is given, key by key, beside what the program that runs it says: Terragrunt's own
 * rendering, the variables of Terraform's plan, and in Adage the merge patch that RFC 7396 writes down. `KARMA_ESTATES=<folder>` adds
 * every Terragrunt estate in a folder.
 */
const terragrunt = findProgram('terragrunt', process.env['PATH']);
if (terragrunt === undefined) console.info('inputs were not held against Terragrunt: terragrunt is not on PATH');

const seed = Number(process.env['KARMA_SEED'] ?? 17);

const open = (dir: string) =>
  openEngine({
    options: { dir, data: temporaryFolder() },
    env: { ...process.env, HOME: '/nonexistent', GIT_CONFIG_NOSYSTEM: '1' },
    version: 'test',
  }).as({ door: 'cli' });

/** What Karma says of every component of a layout, by its folder and then by deployment and name. */
async function explained(dir: string, layout: 'terragrunt' | 'terraform') {
  const ground = await evaluatedView(open(dir), undefined);
  await loadGrammar();
  const { graph } = ground.view;
  const rows = graph.ids.map((_id, node) => graph.component(node));
  return new Map(
    rows
      .filter((row) => row.layout === layout && row.kind === 'component' && !/:|\.terragrunt-stack/.test(row.path))
      .map((row) => [row.path, explainInputs(ground.estate.view, row, ground.claim(row.id))] as const),
  );
}

/** Equal but for what only a run knows and what is hidden; the path at which they part. */
function parting(said: unknown, real: unknown, at = ''): string | undefined {
  if (typeof said === 'string' && said.includes('(redacted)')) return undefined;
  if (said === null || typeof said !== 'object') return Object.is(said, real) ? undefined : at;
  if ('$unknown' in said) return undefined;
  if (real === null || typeof real !== 'object' || Array.isArray(said) !== Array.isArray(real)) return at;
  const keys = new Set([...Object.keys(said), ...Object.keys(real)]);
  for (const key of keys) {
    if (!Object.hasOwn(said, key) || !Object.hasOwn(real, key)) return `${at}/${key}`;
    const found = parting(
      (said as Record<string, unknown>)[key],
      (real as Record<string, unknown>)[key],
      `${at}/${key}`,
    );
    if (found !== undefined) return found;
  }
  return undefined;
}

const rendered = 'terragrunt.rendered.json';

/** Renders all units below a folder, where each lies; those that Terragrunt itself cannot evaluate have none. */
function render(dir: string): void {
  const words = ['render', '--all', '--json', '--write', '--non-interactive', '--no-color', '--log-level', 'error'];
  try {
    execFileSync(terragrunt ?? '', words, {
      cwd: dir,
      stdio: 'ignore',
      env: { ...process.env, TG_TF_PATH: terraform ?? '' },
    });
  } catch {
    // It ends with an error where one unit of many cannot be evaluated.
  }
}

/** Each key of each unit at which the two part, and how many were held against each other. */
async function heldAgainstTerragrunt(dir: string) {
  const said = await explained(dir, 'terragrunt');
  render(dir);
  const parted: string[] = [];
  let held = 0;
  for (const [path, keys] of said) {
    const file = join(dir, path, rendered);
    if (!existsSync(file)) continue;
    const { inputs } = JSON.parse(readFileSync(file, 'utf8')) as { inputs: object | null };
    rmSync(file);
    const mine = Object.fromEntries(keys.map(({ name, value }) => [name, value]));
    for (const name of new Set([...Object.keys(mine), ...Object.keys(inputs ?? {})])) {
      held += 1;
      const at = parting({ [name]: mine[name] }, { [name]: (inputs as Record<string, unknown> | null)?.[name] });
      if (at !== undefined || !Object.hasOwn(mine, name)) parted.push(`${path} ${at ?? `/${name}`}`);
    }
  }
  return { held, parted };
}

const names = ['a', 'b', 'c', 'd'] as const;
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom<unknown>(null, '', 0, false, true, 'x', 'y', 2, 1.5),
    fc.dictionary(fc.constantFrom('k', 'l', 'm'), tie('value'), { maxKeys: 3 }),
  ),
}));
/** A list is never merged with anything else: Terragrunt refuses that. */
const given = fc.record(
  { a: value, b: value, c: value, d: value, list: fc.array(fc.constantFrom('p', 'q'), { maxLength: 2 }) },
  { requiredKeys: [] },
);

const hcl = (one: unknown): string => JSON.stringify(one).replaceAll('":', '" =');
const strategy = fc.constantFrom('deep', 'shallow', 'no_merge');

const unit = fc.record({
  own: given,
  base: given,
  common: given,
  root: strategy,
  env: strategy,
  how: fc.constantFrom('plain', 'merge', 'locals', 'include', 'none'),
});
type Unit = typeof unit extends fc.Arbitrary<infer T> ? T : never;

function unitFiles(place: string, one: Unit): Files {
  const inputs = {
    plain: hcl(one.own),
    merge: `merge(read_terragrunt_config("common.hcl").inputs, ${hcl(one.own)})`,
    locals: `merge(local.common, { region = "r-\${local.common_name}" })`,
    include: `merge(include.env.inputs, { folder = path_relative_to_include("root"), up = basename(get_terragrunt_dir()) })`,
    none: '{}',
  }[one.how];
  return {
    [`${place}/base.hcl`]: `inputs = ${hcl(one.base)}\n`,
    [`${place}/common.hcl`]: `inputs = ${hcl(one.common)}\n`,
    [`${place}/terragrunt.hcl`]: `include "root" {
  path           = find_in_parent_folders("root.hcl")
  merge_strategy = "${one.root}"
}
include "env" {
  path           = "base.hcl"
  expose         = true
  merge_strategy = "${one.env}"
}
locals {
  common      = read_terragrunt_config("common.hcl").inputs
  common_name = "n"
}
inputs = ${inputs}
`,
  };
}

describe.skipIf(terragrunt === undefined)(
  'inputs of units are what Terragrunt renders (needs terragrunt on PATH)',
  () => {
    it('in the example', async () => {
      const dir = temporaryFolder();
      cpSync(join(root, 'examples/terragrunt'), dir, { recursive: true });
      const { held, parted } = await heldAgainstTerragrunt(dir);
      expect(parted).toEqual([]);
      expect(held).toBeGreaterThan(20);
    });

    it('in estates of any includes, strategies and values', async () => {
      const estate = fc.record({ top: given, units: fc.array(unit, { minLength: 20, maxLength: 20 }) });
      await fc.assert(
        fc.asyncProperty(estate, async ({ top, units }) => {
          const dir = writeFiles(temporaryFolder(), {
            'root.hcl': `inputs = ${hcl(top)}\n`,
            ...Object.assign({}, ...units.map((one, at) => unitFiles(`live/n${at}`, one))),
          });
          const { held, parted } = await heldAgainstTerragrunt(dir);
          expect(parted).toEqual([]);
          expect(held).toBeGreaterThan(0);
        }),
        { numRuns: times(2), seed },
      );
    });

    const estates = process.env['KARMA_ESTATES'];
    it.skipIf(estates === undefined)('in the estates of KARMA_ESTATES', async () => {
      for (const name of readdirSync(estates ?? '.')) {
        const { held, parted } = await heldAgainstTerragrunt(join(estates ?? '.', name));
        console.info(`${name}: ${held} keys held against Terragrunt`);
        expect([name, parted]).toEqual([name, []]);
      }
    });
  },
);

describe.skipIf(withoutTerraform)('variables of root modules are those of the plan (needs terraform on PATH)', () => {
  it('whatever defaults, files of variables and types say', async () => {
    const types = [
      'any',
      'string',
      'number',
      'bool',
      'list(string)',
      'map(string)',
      'object({ k = optional(string, "o") })',
    ];
    const fits: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
      any: fc.constantFrom<unknown>('x', 1, true),
      string: fc.constantFrom<unknown>('x', '', 7, true),
      number: fc.constantFrom<unknown>(3, '4', 0.5),
      bool: fc.constantFrom<unknown>(true, 'false'),
      'list(string)': fc.array(fc.constantFrom<unknown>('p', 1), { maxLength: 2 }),
      'map(string)': fc.dictionary(fc.constantFrom('k', 'l'), fc.constantFrom<unknown>('v', 2), { maxKeys: 2 }),
      'object({ k = optional(string, "o") })': fc.constantFrom<unknown>({}, { k: 'v' }, { k: 5 }),
    };
    const variable = fc.constantFrom(...types).chain((type) => {
      const fit = fits[type] ?? fc.constant(null);
      return fc.record({
        type: fc.constant(type),
        preset: fit,
        said: fc.array(fc.option(fit), { minLength: 4, maxLength: 4 }),
      });
    });
    const estate = fc.array(variable, { minLength: 12, maxLength: 12 });
    const order = ['terraform.tfvars', 'a.auto.tfvars', 'b.auto.tfvars.json', 'envs/prod.tfvars'] as const;
    await fc.assert(
      fc.asyncProperty(estate, async (variables) => {
        const says = (at: number) =>
          variables.flatMap(({ said }, number) => (said[at] === null ? [] : [[`v${number}`, said[at]] as const]));
        const file = (name: string, at: number) =>
          name.endsWith('.json')
            ? JSON.stringify(Object.fromEntries(says(at)))
            : says(at)
                .map(([key, one]) => `${key} = ${hcl(one)}\n`)
                .join('');
        const dir = writeFiles(temporaryFolder(), {
          'net/main.tf': variables
            .map(({ type, preset }, at) => `variable "v${at}" {\n  type    = ${type}\n  default = ${hcl(preset)}\n}\n`)
            .join(''),
          ...Object.fromEntries(order.map((name, at) => [`net/${name}`, file(name, at)])),
          'net/envs/dev.tfvars': '',
          'karma.yaml': 'estate: x\nterraform:\n  roots: [net]\n',
        });
        const said =
          (await explained(dir, 'terraform')).get('net')?.filter(({ deployment }) => deployment === 'prod') ?? [];
        const at = join(dir, 'net');
        const run = (...words: string[]) =>
          execFileSync(terraform ?? '', words, {
            cwd: at,
            encoding: 'utf8',
            env: { ...process.env, CHECKPOINT_DISABLE: '1' },
          });
        run('plan', '-input=false', '-out=p', '-var-file=envs/prod.tfvars');
        const plan = JSON.parse(run('show', '-json', 'p')) as { variables: Record<string, { value: unknown }> };
        const parted = said.flatMap(({ name, value: one, preset }) => {
          // What is given is shown as it is given; the plan has it as its type converts it.
          const real = plan.variables[name]?.value;
          return parting(converted(one), converted(real)) === undefined ? [] : [{ name, preset, one, real }];
        });
        expect(parted).toEqual([]);
        expect(said).toHaveLength(variables.length);
      }),
      { numRuns: times(2), seed },
    );
  });
});

/** As text where a type may convert it, without what an optional attribute fills in. */
function converted(one: unknown): unknown {
  if (one === null || one === undefined) return null;
  if (Array.isArray(one)) return one.map(converted);
  if (typeof one !== 'object') return String(one);
  return Object.fromEntries(
    Object.entries(one)
      .filter(([, member]) => member !== null && member !== 'o')
      .map(([key, member]) => [key, converted(member)]),
  );
}

describe('configs are what the merge patch of all their parents comes to', () => {
  /** RFC 7396, §2, as it stands there. */
  const patched = (target: unknown, patch: unknown): unknown => {
    if (patch === null || typeof patch !== 'object' || Array.isArray(patch)) return patch;
    const into = new Map(
      target !== null && typeof target === 'object' && !Array.isArray(target) ? Object.entries(target) : [],
    );
    for (const [key, member] of Object.entries(patch)) {
      if (member === null) into.delete(key);
      else into.set(key, patched(into.get(key), member));
    }
    return Object.fromEntries(into);
  };

  it('at any depth, with what is taken away and lists that are replaced', async () => {
    const config = fc.dictionary(
      fc.constantFrom(...names),
      fc.oneof(value, fc.array(fc.constantFrom(1, 2), { maxLength: 2 })),
      { maxKeys: 4 },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(config, { minLength: 1, maxLength: 6 }), async (layers) => {
        const files = Object.fromEntries(
          layers.map((layer, at) => {
            const above = at === 0 ? {} : { $extends: `_base/app/n${at - 1}` };
            const where = at === layers.length - 1 ? 'dev' : '_base';
            return [`iac/${where}/app/n${at}/config.json`, JSON.stringify({ ...above, ...layer }, null, 2)];
          }),
        );
        const [first, ...others] = layers;
        const wanted = others.reduce<unknown>((under, layer) => patched(under, layer), first);
        const { value: real } = readEffectiveConfig(`dev/app/n${layers.length - 1}`, (path) => {
          const text = files[path];
          return text === undefined ? undefined : readJson(text);
        });
        expect(real).toEqual(wanted);
      }),
      { numRuns: times(60), seed },
    );
  });
});
