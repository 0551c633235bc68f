/** What faces need of rooms behind the engine to say what a deploy does. */
export { proofInWords } from '../../consequence/cutoff.ts';
export type { DeployEvent, MemberResult } from '../../deploy/set.ts';
export type { ValueChange } from '../../run/port.ts';
export type { PlanShown } from './plan-file.ts';
