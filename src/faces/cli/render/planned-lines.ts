import type { PlanShown, ValueChange } from '../../../engine/deploying/words.ts';
import { printable } from '../../../model/printable.ts';
import { shortened } from './run-lines.ts';
import type { Style } from './style.ts';

const mostResources = 20;
const mostValues = 12;

/** What a plan would do, as a reviewer needs it: each resource with its values before and after, and outputs that change. */
export function plannedLines(plan: PlanShown, style: Style): string[] {
  const { resources, outputChanges = [], unknownOutputs, droppedOutputs, drifted } = plan;
  const told = new Set(outputChanges.map(({ path }) => path.split('.')[0]));
  const untold = unknownOutputs.filter((name) => !told.has(name));
  return [
    ...resources
      .slice(0, mostResources)
      .flatMap((one) => [
        `      ${one.action.padEnd(8)} ${printable(one.address)}`,
        ...valueLines(one.values ?? [], '               ', style),
      ]),
    ...(resources.length > mostResources
      ? [style.dim(`      and ${resources.length - mostResources} more (--json)`)]
      : []),
    ...(outputChanges.length === 0 ? [] : ['      outputs', ...valueLines(outputChanges, '               ', style)]),
    ...(untold.length === 0 ? [] : [style.dim(`      outputs known after apply: ${untold.map(printable).join(', ')}`)]),
    ...(droppedOutputs.length === 0
      ? []
      : [style.yellow(`      outputs that go: ${droppedOutputs.map(printable).join(', ')}`)]),
    ...(drifted.length === 0 ? [] : [style.yellow(`      changed outside Terraform: ${shortened(drifted, 5)}`)]),
  ];
}

function valueLines(values: readonly ValueChange[], indent: string, style: Style): string[] {
  return [
    ...values
      .slice(0, mostValues)
      .map(({ path, before, after }) => style.dim(`${indent}${printable(path)}: ${side(before)} → ${side(after)}`)),
    ...(values.length > mostValues
      ? [style.dim(`${indent}and ${values.length - mostValues} more values (--json)`)]
      : []),
  ];
}

function side(text: string | null): string {
  return text === null ? '–' : printable(text);
}
