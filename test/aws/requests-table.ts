import type { Request } from './estate-on-aws.ts';

/** How often each store was asked, step by step, as a table for `docs/neptune.md`. */

const begin = '<!-- requests -->';
const end = '<!-- end of requests -->';

export function requestsTable(
  steps: readonly { readonly name: string; readonly requests: readonly Request[] }[],
): string {
  const rows = steps.map(({ name, requests }) => {
    const of = (store: Request['store']) => cell(requests.filter((request) => request.store === store));
    return `| ${name} | ${of('dynamodb')} | ${of('neptune')} | ${of('ssm')} |`;
  });
  return ['| step | DynamoDB | Neptune | Parameter Store |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

/** The page with the table in its place. */
export function requestsPage(page: string, table: string): string {
  const [before = '', rest = ''] = page.split(begin);
  return `${before}${begin}\n\n${table}\n\n${end}${rest.split(end)[1] ?? ''}`;
}

function cell(requests: readonly Request[]): string {
  const counts = new Map<string, number>();
  for (const { operation } of requests) counts.set(operation, (counts.get(operation) ?? 0) + 1);
  return [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([operation, count]) => `${count} ${operation}`)
    .join(', ');
}

/** The steps of a page's table, each with the stores that it asks. */
export function askedIn(page: string): string[] {
  const table = page.split(begin)[1]?.split(end)[0] ?? '';
  return table
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) => {
      const [, step = '', ...stores] = line.split('|').map((cell) => cell.trim());
      return `${step}: ${stores.map((cell) => (cell === '' || cell === '-' || cell === '0' ? 'no' : 'yes')).join(' ')}`;
    });
}
