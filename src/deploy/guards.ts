import { gateContract } from '../consequence/contract.ts';
import { shapeOf, type ValueShape } from '../consequence/value-shape.ts';
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
  const { contract } = work;
  // What will be published is known after the apply only: nothing can be held against it before.
  if (contract === undefined || contract.writes === '*') return [];
  const answer = gateContract({
    provider: work.inputs.component,
    before: shapeOf(contract.runtime),
    after: shapeAfter(plan, work),
    references: contract.references,
    ...(contract.outside === undefined ? {} : { outside: contract.outside }),
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

function shapeAfter(plan: Plan, { contract, publish }: ComponentWork): ValueShape {
  const unknown = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, true]));
  const writes = contract?.writes;
  if (writes !== undefined && writes !== '*') return shapeOf({}, unknown(writes));
  // A state holds sensitive outputs too, and its readers read them there; only a published runtime goes without.
  const hidden = publish === undefined ? Object.keys(plan.outputs).filter((name) => plan.outputs[name]?.sensitive) : [];
  return shapeOf(runtimeOf(plan.outputs), unknown([...plan.unknownOutputs, ...hidden]));
}
