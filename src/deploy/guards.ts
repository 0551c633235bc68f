import { gateContract } from '../consequence/contract.ts';
import { shapeOf } from '../consequence/shape.ts';
import { KarmaError } from '../model/errors.ts';
import { runtimeOf } from '../run/outputs.ts';
import type { Plan } from '../run/port.ts';
import type { ComponentWork, DeployOptions } from './set.ts';

/** What a plan must not do, looked at after it is made and before it is applied. */

/** @throws KARMA_REFUSED when a runtime is there and the state knows of nothing: an apply would make everything twice. */
export function guardNewState(key: string, work: ComponentWork, plan: Plan, options: DeployOptions): void {
  if (options.newState === true || work.runtimeExists !== true || !plan.stateEmpty) return;
  throw new KarmaError('KARMA_REFUSED', `${key} has a runtime, but the state found for it is empty`, {
    hint: 'most likely the state is somewhere else; if it really is new, say --new-state',
    details: { state: work.job.state ?? 'the module’s own backend', folder: work.job.folder },
  });
}

/**
 * The contract gate. Answers what is only to be told.
 * @throws KARMA_REFUSED with the consumers
 */
export function guardContract(key: string, work: ComponentWork, plan: Plan, options: DeployOptions): readonly string[] {
  if (work.contract === undefined) return [];
  const unknown = Object.fromEntries(plan.unknownOutputs.map((name) => [name, true]));
  const answer = gateContract({
    provider: work.inputs.component,
    before: shapeOf(work.contract.runtime),
    after: shapeOf(runtimeOf(plan.outputs), unknown),
    references: work.contract.references,
    ...(work.contract.outside === undefined ? {} : { outside: work.contract.outside }),
    ...(work.alsoWritten === undefined ? {} : { alsoWritten: work.alsoWritten }),
  });
  const line = (one: (typeof answer.refused)[number]) => `${one.pointer} ${one.change}, read by ${one.consumer}`;
  if (answer.refused.length > 0 && options.breakContracts !== true) {
    throw new KarmaError(
      'KARMA_REFUSED',
      `${key} would break what others read: ${answer.refused.map(line).join('; ')}`,
      {
        hint: 'keep the output, or change its readers first; --break-contracts goes on all the same',
        details: { refused: answer.refused, warned: answer.warned },
      },
    );
  }
  return [
    ...[...answer.refused, ...answer.warned].map(line),
    ...answer.toConfirm.map((one) => `${one} reads all of it, and its shape changes`),
  ];
}
