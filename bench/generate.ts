/**
 * Makes an estate to measure with, always the same for the same seed.
 *
 *   node bench/generate.ts adage --components 10000 --out ../adage-10k
 *   node bench/generate.ts terragrunt --units 1000 --out ../terragrunt-1k
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { adageEstate, parameterDump } from './adage-estate.ts';
import { makeRepository } from './fast-import.ts';
import { terragruntEstate } from './terragrunt-estate.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    out: { type: 'string' },
    seed: { type: 'string', default: '1' },
    components: { type: 'string', default: '1000' },
    units: { type: 'string', default: '1000' },
    environments: { type: 'string', default: '2' },
    types: { type: 'string', default: '40' },
    references: { type: 'string', default: '3' },
    /** Where to write parameter dumps, one a binding. */
    parameters: { type: 'string' },
    bare: { type: 'boolean', default: false },
  },
});
const [layout] = positionals;
if (values.out === undefined || (layout !== 'adage' && layout !== 'terragrunt')) {
  console.error(
    'usage: node bench/generate.ts adage|terragrunt --out FOLDER [--components N] [--units N] [--seed N] …',
  );
  process.exit(64);
}
const seed = Number(values.seed);
const estate =
  layout === 'terragrunt'
    ? terragruntEstate({ seed, units: Number(values.units) })
    : adageEstate({
        seed,
        components: Number(values.components),
        environments: Number(values.environments),
        types: Number(values.types),
        references: Number(values.references),
      });
makeRepository(values.out, estate.files, { bare: values.bare });
if (values.parameters !== undefined) {
  mkdirSync(values.parameters, { recursive: true });
  for (const path of estate.files.keys()) {
    const environment = /^account_environments\/bench-(\w+)\.json$/.exec(path)?.[1];
    if (environment === undefined) continue;
    writeFileSync(join(values.parameters, `bench-${environment}.json`), parameterDump(estate, environment));
  }
}
const { components, references, root, leaf, configFile } = estate;
const files = estate.files.size;
console.log(JSON.stringify({ out: values.out, files, components, references, root, leaf, configFile }));
