import { destroyVerb } from '../../../engine/verbs/destroy.ts';
import { answerTo } from '../../../engine/verbs/verb.ts';
import { flagOption, type Verb } from '../command.ts';
import { runAndTell, runningOf } from './run-frame.ts';

export const runDestroy: Verb = async (call) => {
  const { context, options } = call;
  if (call.afar) return (await import('./run-afar.ts')).runAfar(call, 'destroy');
  const query = {
    ...runningOf(call),
    takeOver: flagOption(options, 'takeOver'),
    dryRun: flagOption(options, 'dryRun'),
  };
  return runAndTell(call, (face) => answerTo(context, destroyVerb, query, { here: { face } }));
};
