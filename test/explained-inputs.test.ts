import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { showConfig } from '../src/engine/verbs/config.ts';
import { TemporaryFolder } from '../src/observe/git/temporary-repository.ts';
import { openEngine } from '../src/wiring/open.ts';
import { commitAll } from './support/estates.ts';
import { git, karma, karmaOk, karmaSeveral, root } from './support/karma.ts';
import { times } from './support/times.ts';

/** Explained inputs are what evaluation gives, with the place that counts; what is inferred of a type refuses none of them. */
const folder = new TemporaryFolder();
afterAll(() => folder[Symbol.dispose]());
let made = 0;

async function explained(files: Readonly<Record<string, string>>, id: string) {
  made += 1;
  const repository = folder.repository(`estate-${made}`).write(files);
  repository.commit();
  const context = openEngine({
    options: { dir: repository.root, data: folder.at(`data-${made}`) },
    env: { PATH: process.env['PATH'], HOME: '/nonexistent', GIT_CONFIG_NOSYSTEM: '1' },
    version: 'test',
  }).as({ door: 'cli' });
  const { keys } = await showConfig(context, id);
  return keys.map(({ pointer, value, file, line, over = [] }) => ({ name: pointer.slice(1), value, file, line, over }));
}

const names = ['a', 'b', 'c'] as const;
/** What one file sets, by variable. */
const setting = fc.dictionary(fc.constantFrom(...names), fc.constantFrom<unknown>(1, 'x', true, [1, 2], { k: 'v' }), {
  maxKeys: 3,
});

const hcl = (value: unknown) => JSON.stringify(value).replaceAll('":', '" =');
const assignments = (given: Readonly<Record<string, unknown>>) =>
  Object.entries(given)
    .map(([name, value]) => `${name} = ${hcl(value)}\n`)
    .join('');

describe('inputs are explained as evaluation gives them', () => {
  it('of a root module: defaults under terraform.tfvars under *.auto.tfvars, the last of these over all', async () => {
    // What Terraform loads by itself, in its order.
    const order = ['app/main.tf', 'app/terraform.tfvars', 'app/a.auto.tfvars', 'app/b.auto.tfvars'];
    const check = async (all: readonly Readonly<Record<string, unknown>>[]) => {
      const [defaults = {}, ...others] = all;
      const variables = names.map((name) => {
        const preset = Object.hasOwn(defaults, name) ? `\n  default = ${hcl(defaults[name])}\n` : '';
        return `variable "${name}" {${preset}}\n`;
      });
      const files = Object.fromEntries(others.map((given, at) => [order[at + 1] ?? '', assignments(given)]));
      const estate = { 'app/main.tf': `terraform {\n  backend "local" {}\n}\n${variables.join('')}`, ...files };
      const keys = await explained(estate, 'app');
      const said = names.flatMap((name) => {
        const places = order.filter((_file, at) => Object.hasOwn(all[at] ?? {}, name)).reverse();
        const [counts, ...over] = places;
        if (counts === undefined) return [];
        const value = all[order.indexOf(counts)]?.[name];
        return [{ name, value, file: counts, over }];
      });
      expect(
        keys.map(({ name, value, file, over }) => ({
          name,
          value,
          file,
          // A default under what is set is the variable's own, and told by its declaration.
          over: over.map((one) => one.file).filter((one) => one !== 'app/main.tf'),
        })),
      ).toEqual(said.map((one) => ({ ...one, over: one.over.filter((other) => other !== 'app/main.tf') })));
      for (const { name, file, line } of keys)
        expect(estate[file as keyof typeof estate]?.split('\n')[line - 1], `${name} ${file}:${line}`).toContain(name);
    };
    await fc.assert(fc.asyncProperty(fc.array(setting, { minLength: 4, maxLength: 4 }), check), { numRuns: times(12) });
  });

  it('of a unit: its own inputs over those of what it includes', async () => {
    const check = async (included: Readonly<Record<string, unknown>>, own: Readonly<Record<string, unknown>>) => {
      const block = (given: Readonly<Record<string, unknown>>) =>
        `inputs = {\n${assignments(given).replace(/^(?=.)/gm, '  ')}}\n`;
      const files = {
        'root.hcl': block(included),
        'modules/m/main.tf': names.map((name) => `variable "${name}" {}\n`).join(''),
        'live/app/terragrunt.hcl': `include "root" { path = find_in_parent_folders("root.hcl") }\nterraform { source = "../../modules/m" }\n${block(own)}`,
      };
      const keys = await explained(files, 'live/app');
      const wanted = Object.entries({ ...included, ...own }).map(([name, value]) => {
        const isOwn = Object.hasOwn(own, name);
        const over = isOwn && Object.hasOwn(included, name) ? ['root.hcl'] : [];
        return { name, value, file: isOwn ? 'live/app/terragrunt.hcl' : 'root.hcl', over };
      });
      const byName = <T extends { readonly name: string }>(all: readonly T[]) =>
        [...all].sort((a, b) => (a.name < b.name ? -1 : 1));
      expect(
        byName(keys.map(({ name, value, file, over }) => ({ name, value, file, over: over.map((one) => one.file) }))),
      ).toEqual(byName(wanted));
      for (const { name, file, line } of keys)
        expect(files[file as keyof typeof files].split('\n')[line - 1], `${name} ${file}:${line}`).toContain(
          `${name} =`,
        );
    };
    await fc.assert(fc.asyncProperty(setting, setting, check), { numRuns: times(12) });
  });
});

const copies = mkdtempSync(join(tmpdir(), 'karma-inferred-'));
afterAll(() => rmSync(copies, { recursive: true, force: true, maxRetries: 3 }));

describe('what is inferred of each type', () => {
  it.each(['adage', 'twelve', 'terragrunt', 'terraform'])(
    'refuses no config of %s when it is written down',
    async (name) => {
      const where = join(copies, name);
      cpSync(join(root, 'examples', name), where, { recursive: true });
      git(where, 'init', '-q', '-b', 'main');
      commitAll(where, 'one');
      const { types } = JSON.parse((await karmaOk(['type', 'list', '--json'], { cwd: where })).stdout) as {
        types: readonly { type: { key: string }; components: number }[];
      };
      const violations = async () => {
        const { stdout } = await karma(['config', 'validate', '--json'], { cwd: where });
        const { findings } = JSON.parse(stdout) as {
          findings: readonly { code: string; subject: string; key: string }[];
        };
        return findings
          .filter(({ code }) => code === 'schema-violation')
          .map(({ subject, key }) => `${subject} ${key}`);
      };
      const before = await violations();
      const unwritten = types.filter(
        ({ type, components }) => components > 0 && !existsSync(join(where, type.key, 'component.yaml')),
      );
      const asked = unwritten.map(({ type }) => ['type', 'infer', type.key, '--write']);
      let written = 0;
      for (const [at, { code, stdout }] of (await karmaSeveral(asked, { cwd: where })).entries()) {
        if (code !== 0) continue;
        expect(stdout).toContain('component.yaml');
        const file = join(where, unwritten[at]?.type.key ?? '', 'component.yaml');
        expect(readFileSync(file, 'utf8')).toContain('inputs:');
        written += 1;
      }
      expect(written).toBeGreaterThan(0);
      expect(await violations()).toEqual(before);
      const told = JSON.parse((await karma(['check', '--json'], { cwd: where })).stdout) as {
        findings: readonly { code: string }[];
      };
      expect(
        told.findings.filter(({ code }) => /component-type-invalid|schema-unusable|type-widens/.test(code)),
      ).toEqual([]);
    },
  );
});
