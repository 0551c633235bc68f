import { type FileView, filePlace } from '../../../model/file-view.ts';
import { type OpenApiDocument, readOperations } from '../../rules/openapi.ts';
import type { AdageEstate } from './estate.ts';

/** An OpenAPI document, and every place where it was looked for before it was found. */
export interface FoundDocument {
  readonly document: OpenApiDocument | undefined;
  readonly files: Readonly<Record<string, string | null>>;
}

const names = ['openapi.yaml', 'openapi.yml', 'openapi.json'] as const;

/** The estate's OpenAPI documents, `openapi/<nickname>/openapi.{yaml,yml,json}` in any repository, each read once. */
export class OpenApiDocuments {
  readonly #repos: readonly FileView[];
  readonly #found = new Map<string, FoundDocument>();

  constructor(estate: AdageEstate) {
    this.#repos = estate.reposFor('openapi');
  }

  get(nickname: string): FoundDocument {
    const known = this.#found.get(nickname);
    if (known !== undefined) return known;
    const found = this.#find(nickname);
    this.#found.set(nickname, found);
    return found;
  }

  #find(nickname: string): FoundDocument {
    const files: Record<string, string | null> = {};
    for (const view of this.#repos) {
      for (const name of names) {
        const path = `openapi/${nickname}/${name}`;
        const file = filePlace(view.repo, path);
        const digest = view.digest(path);
        files[file] = digest ?? null;
        const text = digest === undefined ? undefined : view.read(path);
        if (text === undefined || digest === undefined) continue;
        return { document: { nickname, file, digest, ...readOperations(path, text) }, files };
      }
    }
    return { document: undefined, files };
  }
}
