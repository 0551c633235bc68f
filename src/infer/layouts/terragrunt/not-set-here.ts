import { EvaluationError } from '../../../hcl/scope.ts';

/** What fails on this machine, and on another one that has it set does not. */
export class NotSetHere extends EvaluationError {}
