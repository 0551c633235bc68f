import { relative, sep } from 'node:path';
import type { ComponentId } from '../../model/component.ts';
import { byCodeUnit } from '../../model/digest.ts';
import type { Environment } from '../../model/file-view.ts';
import { siblingDocuments } from '../../observe/estate/sibling-documents.ts';
import type { OpenedEstate } from './open-estate.ts';

/** A folder beside the estate that would tell what it is asked for in vain. */
export interface UnnamedSibling {
  /** Relative to the estate's root: `../api-specs`. */
  readonly folder: string;
  /** As `karma.yaml` would call it. */
  readonly name: string;
  /** OpenAPI documents that components look for and do not find, and that lie there by their names. */
  readonly documents: readonly string[];
  /** Who looks for them. */
  readonly components: readonly ComponentId[];
}

const forms = ['openapi.yaml', 'openapi.yml', 'openapi.json'] as const;

/**
 * Checkouts beside an estate that nothing names and that hold documents which components look for in vain: until one is named,
 * the routes of these APIs are in no answer. O(siblings + documents in them).
 */
export function unnamedSiblings(
  { observation }: OpenedEstate,
  readersOf: (place: string) => readonly ComponentId[],
  environment: Environment,
): readonly UnnamedSibling[] {
  const { root, opened, sources } = observation;
  const taken = new Set(sources.flatMap(({ folder }) => folder ?? []));
  const isHere = (nickname: string) =>
    opened.some(({ view }) => forms.some((form) => view.isFile(`openapi/${nickname}/${form}`)));
  return siblingDocuments(root, environment, taken).flatMap(({ folder, name, nicknames }) => {
    const wanted = nicknames
      .filter((nickname) => !isHere(nickname))
      .map((nickname) => [nickname, readersOf(`openapi/${nickname}/${forms[0]}`)] as const)
      .filter(([, ids]) => ids.length > 0);
    if (wanted.length === 0) return [];
    return {
      folder: relative(root.folder, folder).split(sep).join('/'),
      name,
      documents: wanted.map(([nickname]) => nickname),
      components: [...new Set(wanted.flatMap(([, ids]) => ids))].sort(byCodeUnit),
    };
  });
}
