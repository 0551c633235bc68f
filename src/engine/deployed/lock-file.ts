import { parseStrict } from '../../hcl/strict-parse.ts';
import { moduleFiles } from '../../infer/terraform/module-files.ts';
import { localModulePath } from '../../infer/terraform/module-source.ts';
import type { FileView } from '../../model/file-view.ts';
import type { LockFile } from '../../model/record.ts';
import { initNeeds } from '../../run/needs-init.ts';
import { moduleSources } from './module-sources.ts';

const name = '.terraform.lock.hcl';

/**
 * The provider lock file that a run in a folder is held to: its digest, `null` when one is needed and missing, `not-needed` when
 * the module and those it calls in its repository use only what Terraform has built in.
 */
export function lockFileOf(view: FileView, folder: string): LockFile {
  const digest = view.digest(folder === '' ? name : `${folder}/${name}`);
  if (digest !== undefined) return digest;
  return usesProviders(view, folder, new Set()) ? null : 'not-needed';
}

/** A module that lies elsewhere may use anything, and so may a file that is broken: the grammar need not be loaded for this. */
function usesProviders(view: FileView, folder: string, seen: Set<string>): boolean {
  if (seen.has(folder)) return false;
  seen.add(folder);
  const files = moduleFiles(view, folder).map((path) => neededIn(path, view.read(path) ?? ''));
  if (files.length === 0) return true;
  return files.some(
    ({ providers, sources }) =>
      providers ||
      sources.some(
        (source) =>
          source === undefined ||
          !/^\.{1,2}(\/|$)/.test(source) ||
          usesProviders(view, localModulePath(folder, source), seen),
      ),
  );
}

interface Needed {
  readonly providers: boolean;
  /** Of each module called; undefined where it is not written as a plain text. */
  readonly sources: readonly (string | undefined)[];
}

const anything: Needed = { providers: true, sources: [] };

function neededIn(path: string, text: string): Needed {
  if (path.endsWith('.json')) return neededInJson(text);
  const body = parseStrict(text);
  if (body === undefined) return anything;
  return { providers: initNeeds([{ body, errors: [] }]).providers, sources: moduleSources(body) };
}

type Json = Readonly<Record<string, unknown>>;

function neededInJson(text: string): Needed {
  let document: Json;
  try {
    document = members(JSON.parse(text));
  } catch {
    return anything;
  }
  const kinds = ['resource', 'data', 'ephemeral', 'provider'].flatMap((type) => Object.keys(members(document[type])));
  const required = Object.keys(members(members(document['terraform'])['required_providers']));
  return {
    providers: [...kinds.map((kind) => kind.split('_')[0]), ...required].some((provider) => provider !== 'terraform'),
    sources: Object.values(members(document['module'])).map((call) => {
      const { source } = members(call);
      return typeof source === 'string' && !/[$%]\{/.test(source) ? source : undefined;
    }),
  };
}

/** A block may be written as a list of objects. */
function members(value: unknown): Json {
  if (Array.isArray(value)) return Object.assign({}, ...value.map(members));
  return value !== null && typeof value === 'object' ? (value as Json) : {};
}
