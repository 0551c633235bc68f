import { destroy } from '../../../engine/verbs/destroy.ts';
import type { Verb } from '../command.ts';
import { runAndTell } from './run-frame.ts';

export const runDestroy: Verb = (call) => runAndTell(call, (query, face) => destroy(call.context, query, face));
