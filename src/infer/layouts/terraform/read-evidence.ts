import type { Need } from '../../../model/claim.ts';
import type { Read } from '../../terraform/consumption.ts';

/** Where a block's parts are read, each with its own line: who asks for one output is shown where that one is read. */
export function readsAt(rule: string, address: string, reads: readonly Read[]): Pick<Need, 'reads'> {
  const placed = reads.filter(({ site }) => site !== '');
  if (placed.length === 0) return {};
  return {
    reads: placed.map(({ site, file, line, steps }) => ({
      rule,
      site,
      file,
      line,
      expression: steps.reduce(withStep, address),
    })),
  };
}

function withStep(before: string, step: string): string {
  if (step === '*' || /^\d+$/.test(step)) return `${before}[${step}]`;
  return /^[A-Za-z_][\w-]*$/.test(step) ? `${before}.${step}` : `${before}[${JSON.stringify(step)}]`;
}
