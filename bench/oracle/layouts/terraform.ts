import { join } from 'node:path';
import { findProgram } from '../../../src/run/tool.ts';
import type { Random } from '../../random.ts';
import type { Edits } from '../edits.ts';
import { literal } from '../expressions.ts';
import { moveTo } from '../file-edits.ts';
import { addModules, addParts, addVariables, emptyEstate } from '../generate.ts';
import {
  emptyModule,
  type GeneratedComponent,
  type GeneratedEstate,
  type GeneratedModule,
  moduleOf,
  part,
} from '../model.ts';
import { applyArgs, initArgs, planArgs, planned, run } from '../terraform.ts';
import { commonFiles, put } from '../written.ts';
import type { OracleLayout, OracleRunner } from './layout.ts';

/** Plain root modules: variable files beside them, local backends, and states of each other that they read. */
export const terraformLayout: OracleLayout = {
  missing: ['terraform'].filter((name) => findProgram(name, process.env['PATH']) === undefined),

  generate(random) {
    const estate = emptyEstate('terraform');
    addModules(random, estate);
    for (let at = 0; at < 3 + random.below(2); at++) addRoot(random, estate, at);
    return estate;
  },

  files(estate) {
    const files = commonFiles(estate);
    for (const { folder, key } of estate.roots)
      put(
        files,
        `${folder}/backend.tf`,
        `terraform {\n  backend "local" {\n    path = "../../state/${key}.tfstate"\n  }\n}\n`,
      );
    put(files, 'karma.yaml', `estate: oracle\nterraform:\n  varFiles:\n    - ${varFile}\n`);
    put(files, '.gitignore', '.terraform/\nstate/\n*.tfstate*\n');
    return files;
  },

  runner({ estate: place }): OracleRunner {
    const started = new Map<string, string>();
    return {
      async prepare(estate) {
        await Promise.all(
          estate.roots.map(async (root) => {
            const known = linksOf(estate, root);
            if (started.get(root.folder) === known) return;
            await run('terraform', join(place, root.folder), initArgs);
            started.set(root.folder, known);
          }),
        );
      },
      plan: async (estate, one) =>
        planned(await run('terraform', join(place, one.id), [...planArgs, ...varFiles(estate, one)])),
      apply: (estate, one) => run('terraform', join(place, one.id), [...applyArgs, ...varFiles(estate, one)]),
      state: (estate, component) => join(place, 'state', `${moduleOf(estate, component).key}.tfstate`),
    };
  },

  edits: {
    given: (estate, random) => {
      const root = random.pick(estate.roots) as GeneratedModule;
      const one = random.pick(root.parts.filter(({ kind }) => kind === 'variable'));
      if (one === undefined) return undefined;
      if (root.given.has(one.name) && random.below(3) === 0) root.given.delete(one.name);
      else root.given.set(one.name, literal(random, one.type));
      return `${root.folder} ${root.givenIn} ${one.name} = ${root.given.get(one.name) ?? ''}`;
    },
    'another variable file': (estate, random) => {
      const root = random.pick(estate.roots) as GeneratedModule;
      const names = ['terraform.tfvars', 'terraform.tfvars.json', 'a.auto.tfvars', 'a.auto.tfvars.json'];
      if (root.givenIn === varFile) return undefined;
      root.givenIn = random.pick(names) ?? root.givenIn;
      return root.given.size === 0 ? undefined : `${root.folder} ${root.givenIn}`;
    },
    'moved root': (estate, random) => {
      const root = random.pick(estate.roots) as GeneratedModule;
      moveTo(estate, root, `roots/${root.key}-${random.below(1000)}`);
      return `${root.key} lies in ${root.folder}`;
    },
    'moved root, edited': (estate, random) => {
      const root = random.pick(estate.roots) as GeneratedModule;
      const one = random.pick(root.parts.filter(({ kind }) => kind === 'resource' || kind === 'output'));
      if (one === undefined) return undefined;
      one.value = literal(random, one.type);
      moveTo(estate, root, `roots/${root.key}-${random.below(1000)}`);
      return `${root.key} lies in ${root.folder}, and its ${one.name} is ${one.value}`;
    },
  } satisfies Edits,
};

/** Of some roots it is named on the command line, and stands for a deployment. */
const varFile = 'vars/main.tfvars';

function varFiles(estate: GeneratedEstate, component: GeneratedComponent): readonly string[] {
  return moduleOf(estate, component).givenIn === varFile ? [`-var-file=${varFile}`] : [];
}

function addRoot(random: Random, estate: GeneratedEstate, at: number): void {
  const root = emptyModule(`roots/r${at}`, true);
  if (random.below(3) === 0) root.givenIn = varFile;
  addVariables(random, root);
  for (const { name, type } of root.parts) if (random.below(2) === 0) root.given.set(name, literal(random, type));
  const earlier = estate.roots.filter(() => random.below(2) === 0).slice(-3);
  for (const { key } of earlier) root.parts.push({ ...part(random, 'data', key, 'map', ''), of: key });
  addParts(random, estate, root);
  estate.roots.push(root);
  estate.components.push({
    id: root.folder,
    runs: root.key,
    values: new Map(),
    reads: new Map(earlier.map(({ key, folder }) => [key, folder])),
    more: new Map(),
  });
}

/** What `init` links: calls, and where what they call lies. */
export function linksOf({ modules }: GeneratedEstate, root: GeneratedModule): string {
  const calls = ({ parts, files }: GeneratedModule) => [
    ...parts.flatMap(({ kind, name, of }) => (kind === 'call' ? [`${name} ${of}`] : [])),
    ...(files.has('nest.tf') ? ['nest'] : []),
  ];
  return [root.folder, ...calls(root), ...modules.flatMap((one) => [one.folder, ...calls(one)])].join('\n');
}
