import { toBool, toNumber } from '../convert.ts';
import type { Value } from '../value.ts';
import type { FunctionTable } from './define.ts';
import { deep, list, many, number } from './define.ts';

function numbersOf(args: readonly Value[]): number[] {
  return args.map(toNumber);
}

export const numberFunctions: FunctionTable = {
  abs: deep(1, 1, (args) => Math.abs(number(args, 0))),
  ceil: deep(1, 1, (args) => Math.ceil(number(args, 0))),
  floor: deep(1, 1, (args) => Math.floor(number(args, 0))),
  signum: deep(1, 1, (args) => Math.sign(number(args, 0))),
  pow: deep(2, 2, (args) => number(args, 0) ** number(args, 1)),
  log: deep(2, 2, (args) => Math.log(number(args, 0)) / Math.log(number(args, 1))),
  max: deep(1, many, (args) => Math.max(...numbersOf(args))),
  min: deep(1, many, (args) => Math.min(...numbersOf(args))),
  sum: deep(1, 1, (args) => {
    const all = numbersOf(list(args, 0));
    if (all.length === 0) throw new Error('the sum of nothing');
    const total = all.reduce((sum, one) => sum + one, 0);
    return Number.isInteger(total) ? total : Number(total.toPrecision(15));
  }),
  alltrue: deep(1, 1, (args) => list(args, 0).every((value) => value !== null && toBool(value))),
  anytrue: deep(1, 1, (args) => list(args, 0).some((value) => value !== null && toBool(value))),
};
