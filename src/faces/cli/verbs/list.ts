import type { ListedComponent } from '../../../engine/verbs/list.ts';
import { atOption, flagOption, listOption, pageOptions, textOption, type Verb } from '../command.ts';
import { count } from '../render/evidence.ts';
import { type Column, sayMore, table } from '../render/table.ts';

export const run: Verb = async ({ args, options, output, ask }) => {
  const columns = (textOption(options, 'columns') ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  const grouping = textOption(options, 'groupBy');
  const listing = await ask('list', {
    select: [...args, ...listOption(options, 'filter')],
    columns,
    ...atOption(options),
    ...(grouping === undefined ? {} : { groupBy: grouping }),
    ...pageOptions(options),
  });
  const exit = flagOption(options, 'exitCode') && listing.components.length > 0 ? 2 : 0;
  if (output.json) {
    output.document(listing);
    return exit;
  }
  if (output.quiet) {
    if (listing.components.length > 0) output.answer(listing.components.map(({ id }) => id).join('\n'));
    return exit;
  }
  output.talk(output.talkStyle.dim(listing.view.label));
  const shown: Column<ListedComponent>[] = [
    { title: 'COMPONENT', value: ({ id }) => id },
    { title: 'KIND', value: ({ kind, external }) => (external && kind !== 'parameter' ? `${kind} (external)` : kind) },
    // A column that is empty in every row says nothing and takes the place of one that does.
    ...(listing.components.every(({ environment }) => environment === '')
      ? []
      : [{ title: 'ENV', value: ({ environment }: ListedComponent) => environment || '-' }]),
    { title: 'DEPENDS ON', value: ({ dependsOn }) => String(dependsOn), right: true },
    { title: 'USED BY', value: ({ usedBy }) => String(usedBy), right: true },
    { title: 'FINDINGS', value: ({ findings }) => (findings === 0 ? '-' : String(findings)), right: true },
    ...columns.map(
      (column): Column<ListedComponent> => ({
        title: column.toUpperCase(),
        value: (row) => row.columns[column] || '-',
      }),
    ),
  ];
  if (listing.components.length === 0) output.answer('no component fits');
  else if (listing.groups === undefined) output.answer(table(listing.components, shown, output.style));
  else {
    const byId = new Map(listing.components.map((component) => [component.id, component]));
    const blocks = Object.entries(listing.groups).map(([name, ids]) => {
      const rows = ids.flatMap((id) => byId.get(id) ?? []);
      return `${output.style.bold(name === '' ? '(none)' : name)}  ${output.style.dim(count(rows.length, 'component'))}\n${table(rows, shown, output.style)}`;
    });
    output.answer(blocks.join('\n\n'));
  }
  sayMore(listing, output);
  return exit;
};
