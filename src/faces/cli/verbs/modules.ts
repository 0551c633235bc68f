import { type FetchAnswer, fetchModules } from '../../../engine/verbs/modules.ts';
import { flagOption, textOption, type Verb } from '../command.ts';
import type { Output } from '../output.ts';
import { count } from '../render/evidence.ts';
import { table } from '../render/table.ts';

export const runList: Verb = async ({ output, ask }) => {
  const answer = await ask('modules', {});
  if (output.json) output.document(answer);
  else if (answer.modules.length === 0) output.answer('no module was fetched (`karma modules fetch`)');
  else output.answer(modulesTable(answer, output));
  return 0;
};

export const runFetch: Verb = async ({ options, output, context }) => {
  const at = textOption(options, 'at');
  const answer = await fetchModules(context, {
    update: flagOption(options, 'update'),
    ...(at === undefined ? {} : { at }),
  });
  if (output.json) output.document(answer);
  else print(answer, output);
  return answer.failed.length > 0 ? 1 : 0;
};

function print(answer: FetchAnswer, output: Output): void {
  const { fetched, moved, failed, modules } = answer;
  const { style } = output;
  output.answer(
    [
      `${count(fetched.length, 'module')} fetched, ${modules.length} at hand`,
      ...fetched.map((name) => `  ${name}`),
      ...moved.map(({ name, was, is }) => style.yellow(`  ${name} was ${was.slice(0, 12)}, is ${is.slice(0, 12)} now`)),
      ...failed.map(
        ({ address, ref, trouble }) =>
          `  ${style.red('not fetched')}  ${address}${ref === '' ? '' : ` ${ref}`}: ${trouble}`,
      ),
    ].join('\n'),
  );
}

function modulesTable({ modules }: Pick<FetchAnswer, 'modules'>, output: Output): string {
  return table(
    modules,
    [
      { title: 'MODULE', value: ({ address }) => address },
      { title: 'REF', value: ({ ref }) => ref || '-' },
      { title: 'MEANT', value: ({ meant }) => meant.slice(0, 12) },
      { title: 'FETCHED', value: ({ fetchedAt }) => fetchedAt },
    ],
    output.style,
  );
}
