import { deployVerb } from '../../../engine/verbs/deploy.ts';
import { answerTo } from '../../../engine/verbs/verb.ts';
import { flagOption, textOption, type Verb } from '../command.ts';
import { cutoffOf, runAndTell, runningOf } from './run-frame.ts';

export const runDeploy: Verb = async (call) => {
  const { context, options } = call;
  if (call.afar) return (await import('./run-afar.ts')).runAfar(call, 'deploy');
  if (flagOption(options, 'dryRun')) return runPlan(call);
  const plan = textOption(options, 'plan');
  const query = {
    ...runningOf(call),
    cutoff: cutoffOf(options),
    newState: flagOption(options, 'newState'),
    breakContracts: flagOption(options, 'breakContracts'),
    takeOver: flagOption(options, 'takeOver'),
    verify: flagOption(options, 'verify'),
  };
  return runAndTell(call, (face) =>
    answerTo(context, deployVerb, query, { here: { face, ...(plan === undefined ? {} : { plan }) } }),
  );
};

export const runPlan: Verb = async (call) => (await import('./plan.ts')).runPlan(call);

export const runDestroy: Verb = async (call) => (await import('./destroy.ts')).runDestroy(call);
