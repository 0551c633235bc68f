import type { ShownHook } from '../../../engine/verbs/hooks.ts';
import type { Verb } from '../command.ts';
import type { Output } from '../output.ts';
import { count } from '../render/evidence.ts';
import { table } from '../render/table.ts';

export const runList: Verb = async ({ output, ask }) => {
  const answer = await ask('hooks', {});
  if (output.json) output.document(answer);
  else show(answer.hooks, output);
  return 0;
};

export const runTell: Verb = async ({ output, ask }) => {
  const answer = await ask('hooks-tell', {});
  if (output.json) output.document(answer);
  else {
    show(answer.hooks, output);
    output.talk(`${count(answer.told, 'message')} taken`);
  }
  return answer.hooks.some(({ refused, standing }) => refused !== undefined || standing?.due !== undefined) ? 2 : 0;
};

function show(hooks: readonly ShownHook[], output: Output): void {
  if (hooks.length === 0) {
    output.answer('karma.yaml wants nobody told: `hooks:`');
    return;
  }
  const columns = [
    { title: 'HOOK', value: ({ name }: ShownHook) => name },
    { title: 'ON', value: ({ on }: ShownHook) => on?.join(', ') ?? 'every step' },
    { title: 'TOLD', value: ({ standing }: ShownHook) => String(standing?.told ?? 0) },
    { title: 'GIVEN UP', value: ({ standing }: ShownHook) => String(standing?.givenUp ?? 0) },
    { title: 'TROUBLE', value: troubleOf },
    { title: 'TO', value: ({ place }: ShownHook) => place },
  ];
  output.answer(table(hooks, columns, output.style));
}

function troubleOf({ refused, standing }: ShownHook): string {
  if (refused !== undefined) return refused;
  if (standing?.due === undefined) return '';
  return `${standing.trouble}, tried ${count(standing.tries ?? 0, 'time')}, again at ${standing.due}`;
}
