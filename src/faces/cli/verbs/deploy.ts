import { deploy } from '../../../engine/verbs/deploy.ts';
import { flagOption, type Verb } from '../command.ts';
import { runAndTell } from './run-frame.ts';

export const runDeploy: Verb = async (call) => {
  if (flagOption(call.options, 'dryRun')) return runPlan(call);
  return runAndTell(call, (query, face) => deploy(call.context, query, face));
};

export const runPlan: Verb = async (call) => (await import('./plan.ts')).runPlan(call);

export const runDestroy: Verb = async (call) => (await import('./destroy.ts')).runDestroy(call);
