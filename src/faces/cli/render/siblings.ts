import type { Overview } from '../../../engine/verbs/overview.ts';
import { printable } from '../../../model/printable.ts';
import { shellWord } from '../../../model/quote.ts';
import { count } from './evidence.ts';
import type { Style } from './style.ts';

/** Checkouts that would tell more, each with how it is named. */
export function siblingLines(siblings: Overview['siblings'], style: Style): string[] {
  return siblings.flatMap(({ folder, name, documents, components }) => [
    `  ${style.yellow(printable(folder))}  not named, and holds the OpenAPI ${documents.length === 1 ? 'document' : 'documents'} ${printable(documents.slice(0, 3).join(', '))}${documents.length > 3 ? ` and ${documents.length - 3} more` : ''} that ${count(components.length, 'component')} ${components.length === 1 ? 'looks' : 'look'} for`,
    style.dim(
      `      in karma.yaml, \`repositories: { ${JSON.stringify(name)}: ${JSON.stringify(folder)} }\`; or once, --repo ${shellWord(folder)}`,
    ),
  ]);
}
