import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { lookAtPairs } from '../bench/commuting/pairs.ts';
import { layouts } from '../bench/oracle/layouts/layouts.ts';
import { ask } from '../src/engine/verbs/table.ts';
import { loadView } from '../src/engine/view/load-view.ts';
import { loadGrammar } from '../src/hcl/parse.ts';
import { openEngine } from '../src/wiring/open.ts';
import { adageFiles, commitAll, estateMaker, type Files, writeFiles } from './support/estates.ts';
import { environment, git } from './support/karma.ts';

const estates = estateMaker();
const rounds = Number(process.env['KARMA_ROUNDS'] ?? 4);
let made = 0;

const files: Files = {
  ...adageFiles,
  'iac/dev/vpc/other/config.json': '{ "cidr": "10.9.0.0/16" }\n',
  'iac/dev/app/api/config.json': '{ "vpc_nickname": "other", "size": 1 }\n',
  'iac/dev/app/lost/config.json': '{ "vpc_nickname": "missing", "size": 1 }\n',
};

/** What one of two people does. */
const edits: Readonly<Record<string, Files>> = {
  'main wider': { 'iac/dev/vpc/main/config.json': '{ "cidr": "10.1.0.0/16" }\n' },
  'other wider': { 'iac/dev/vpc/other/config.json': '{ "cidr": "10.8.0.0/16" }\n' },
  'web larger': { 'iac/dev/app/web/config.json': '{ "vpc_nickname": "main", "size": 5 }\n' },
  'web elsewhere': { 'iac/dev/app/web/config.json': '{ "vpc_nickname": "other", "size": 2 }\n' },
  'api larger': { 'iac/dev/app/api/config.json': '{ "vpc_nickname": "other", "size": 7 }\n' },
  'what is missing': { 'iac/dev/vpc/missing/config.json': '{ "cidr": "10.7.0.0/16" }\n' },
  'one more': { 'iac/dev/app/more/config.json': '{ "vpc_nickname": "new", "size": 1 }\n' },
  'what one more needs': { 'iac/dev/vpc/new/config.json': '{ "cidr": "10.6.0.0/16" }\n' },
  'module of app': {
    'components/app/main.tf': String(adageFiles['components/app/main.tf']).replace('https://', 'http://'),
  },
  'words in the module of vpc': { 'components/vpc/main.tf': `# words\n${adageFiles['components/vpc/main.tf']}` },
  'output of vpc': {
    'components/vpc/main.tf': String(adageFiles['components/vpc/main.tf']).replace('vpc_id =', 'id = 1, vpc_id ='),
  },
  'nothing of the estate': { 'notes.md': 'x\n' },
  settings: { 'karma.yaml': 'estate: acme\nsharedAccounts: true\n' },
};

/**
 * Two changes that are said to commute come to one graph in either order, and each does on top of the other what it was said to do
 * alone: otherwise an approval of one would not be worth anything once the other is there.
 */
it('commute only where the order does not matter', async () => {
  const name = fc.constantFrom(...Object.keys(edits));
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(name, { minLength: 2, maxLength: 2 }), async ([one = '', other = '']) => {
      made += 1;
      const place = estates.repository(files);
      for (const what of [one, other]) {
        git(place, 'switch', '-q', '-c', what.replaceAll(' ', '-'), 'main');
        writeFiles(place, edits[what] ?? {});
        commitAll(place, what);
      }
      git(place, 'switch', '-q', 'main');
      const context = openEngine({
        options: { dir: place, data: join(estates.folder, `data-${made}`) },
        env: environment(),
        version: 'test',
        stays: true,
      }).as({ door: 'cli' });
      const propose = (what: string) =>
        ask(context, 'change-propose', { reason: what, from: what.replaceAll(' ', '-') });
      const first = await propose(one);
      const second = await propose(other);
      const [relation] = second.others;
      if (relation?.is === 'commutes') {
        const heads = [first.change?.head ?? '', second.change?.head ?? ''];
        const graphs: string[] = [];
        for (const order of [heads, heads.toReversed()]) {
          git(place, 'reset', '-q', '--hard', String(first.change?.base));
          for (const head of order) git(place, 'cherry-pick', '--allow-empty', head);
          graphs.push((await loadView(context, git(place, 'rev-parse', 'HEAD'))).hash);
        }
        expect(graphs[0], `${one}, ${other}`).toBe(graphs[1]);
        git(place, 'reset', '-q', '--hard', String(first.change?.base));
        git(place, 'merge', '-q', '--ff-only', one.replaceAll(' ', '-'));
        const onTop = await ask(context, 'change-simulation', { id: String(second.id) });
        for (const part of ['changed', 'undecided', 'added', 'removed', 'affected', 'contracts'] as const)
          expect(onTop.simulation.comparison[part], `${one}, then ${other}`).toEqual(
            second.simulation.comparison[part],
          );
      }
      await context.stores.close();
    }),
    { numRuns: rounds },
  );
});

/** The same of random changes of generated estates; `node bench/commuting.ts` goes on. */
it.each(Object.keys(layouts) as (keyof typeof layouts)[])(
  'commute only so in a generated estate (%s)',
  async (layout) => {
    await loadGrammar();
    const place = join(estates.folder, `generated-${layout}`);
    const how = { layout, seed: Number(process.env['KARMA_SEED'] ?? 3), changes: 7, pairs: 2 * rounds };
    const { wrong, looked } = await lookAtPairs({ ...how, place, env: environment() });
    expect(wrong).toEqual([]);
    expect(looked).toBeGreaterThan(0);
  },
);
