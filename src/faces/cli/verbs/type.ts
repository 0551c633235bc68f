import type { ListedType } from '../../../engine/verbs/types.ts';
import { atOption, type Verb } from '../command.ts';
import type { Style } from '../render/style.ts';
import { table } from '../render/table.ts';

export const runList: Verb = async ({ options, output, ask }) => {
  const answer = await ask('types', atOption(options));
  if (output.json) output.document(answer);
  else if (output.quiet) output.raw(answer.types.map(({ type }) => `${type.name}\n`).join(''));
  else if (answer.types.length === 0) output.answer('no module was read');
  else
    output.answer(
      table(
        answer.types,
        [
          { title: 'TYPE', value: ({ type }) => type.name },
          { title: 'MODULE', value: ({ type }) => type.key },
          { title: 'COMPONENTS', value: ({ components }) => String(components), right: true },
          { title: 'VARIABLES', value: ({ type }) => String(type.variables.length), right: true },
          { title: 'OUTPUTS', value: ({ type }) => String(type.outputs.length), right: true },
        ],
        output.style,
      ),
    );
  return 0;
};

export const runShow: Verb = async ({ args, options, output, ask }) => {
  const answer = await ask('type', { name: args[0] ?? '', ...atOption(options) });
  if (output.json) output.document(answer);
  else output.answer(answer.types.map((one) => block(one, output.style)).join('\n\n'));
  return 0;
};

function block({ type, components }: ListedType, style: Style): string {
  const part = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : [style.dim(title), ...lines.map((line) => `  ${line}`)];
  return [
    `${style.bold(type.name)}  ${style.dim(`${type.key}, used by ${components}`)}`,
    ...part(
      'config keys read',
      type.configKeys.map(({ pointer, default: preset }) =>
        preset === undefined ? pointer : `${pointer}  (default ${preset})`,
      ),
    ),
    ...part(
      'variables',
      type.variables.map(
        ({ name, required, type: shape }) =>
          `${name}${shape === undefined ? '' : `: ${shape}`}${required ? '  required' : ''}`,
      ),
    ),
    ...part('outputs', type.outputs),
    ...part('parameters read', type.parametersRead),
    ...part('parameters written', type.parametersWritten),
    ...part(
      'modules',
      type.modules.map(({ name, source, remote }) => `${name}  ${source}${remote ? '  (elsewhere)' : ''}`),
    ),
  ].join('\n');
}
