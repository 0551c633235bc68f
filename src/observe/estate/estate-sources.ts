import { resolve } from 'node:path';
import { type Binding, bindingFolder, readBinding } from '../../config/binding.ts';
import type { RepositorySetting } from '../../config/karma-file.ts';
import { KarmaError } from '../../model/errors.ts';
import type { Environment, FileView } from '../../model/file-view.ts';
import { withoutCredentials } from '../../model/without-credentials.ts';
import type { Repository } from '../git/git-repository.ts';
import { mirrorFolder } from '../git/mirror-folder.ts';
import { repositoryName } from '../git/remote-address.ts';
import { isBeside, repositoryWord } from './outside.ts';
import { findSibling } from './sibling-repositories.ts';
import { existingFolder, naturalName, splitRepositoryArgument } from './source.ts';
import type { Trust } from './trust.ts';

/** Another repository that an estate is made of, before it is opened. */
export interface SourcePlan {
  readonly name: string;
  /** Undefined: it was named, and no checkout was found. */
  readonly folder: string | undefined;
  readonly ref: string | undefined;
  /** Why it is not looked at, though it may be there. */
  readonly refused?: string;
  /** Who named it, in words. */
  readonly why: string;
}

export interface SourcePlanQuery {
  readonly folder: string;
  readonly repository: Repository | undefined;
  readonly cwd: string;
  /** `PATH` or `PATH@REF`, as given by hand. */
  readonly repos: readonly string[];
  readonly settings: readonly RepositorySetting[];
  readonly bindings: readonly Binding[];
  /** The folder that repositories elsewhere are mirrored in. */
  readonly mirrors?: string | undefined;
  readonly environment: Environment;
  readonly trust: Trust;
}

/**
 * Which other repositories to read: by hand first, then those `karma.yaml` lists, then checkouts beside the main one that
 * bindings name. One folder is read once; the first to name it gives name and ref.
 */
export function planSources(query: SourcePlanQuery): SourcePlan[] {
  const plans = new PlanList(query.folder);
  for (const setting of query.settings) plans.add(fromSetting(setting, query));
  for (const text of query.repos) plans.add(fromArgument(text, query.cwd), { byHand: true });
  for (const binding of query.bindings) {
    for (const named of [binding.configRepo, binding.iacRepo, binding.lambdaRepo]) {
      if (named === undefined || plans.knows(repositoryName(named))) continue;
      const folder = findSibling(query.folder, query.repository, named);
      const why = `binding ${binding.name} names ${named}`;
      const isMain = named === binding.configRepo;
      if (folder !== undefined) plans.add({ name: naturalName(folder), folder, ref: undefined, why });
      else if (!isMain) plans.add({ name: repositoryName(named), folder: undefined, ref: undefined, why });
    }
  }
  return plans.all();
}

/** Bindings of the main repository that can be used. Their findings belong to the layout that reads them again. */
export function readBindings(view: FileView): Binding[] {
  return view.list(bindingFolder).flatMap(({ name, kind }) => {
    if (kind !== 'file' || !name.endsWith('.json')) return [];
    const file = `${bindingFolder}/${name}`;
    const { binding } = readBinding(file, view.read(file) ?? '');
    return binding === undefined ? [] : [binding];
  });
}

/** `PATH`, `PATH@REF`, or with the name it shall have: `NAME=PATH`. */
function fromArgument(text: string, cwd: string): SourcePlan {
  const exists = (path: string) => existingFolder(resolve(cwd, path)) !== undefined;
  const [, given, rest = text] = (exists(text) ? null : /^([\w.-]+)=(.+)$/.exec(text)) ?? [];
  const { path, ref } = splitRepositoryArgument(rest, exists);
  const folder = existingFolder(resolve(cwd, path));
  if (folder === undefined) {
    throw new KarmaError('KARMA_USAGE', `there is no repository at ${path}`, {
      hint: '`--repo PATH`, `--repo PATH@REF` or `--repo NAME=PATH` names a checkout, a bare repository or a folder',
      details: { path },
    });
  }
  return { name: given ?? naturalName(folder), folder, ref, why: `\`--repo ${text}\`` };
}

function fromSetting(setting: RepositorySetting, query: SourcePlanQuery): SourcePlan {
  const { name, path, url, ref } = setting;
  if (path === undefined && url !== undefined) return fromUrl({ name, url, ref }, query);
  const folder =
    path === undefined
      ? findSibling(query.folder, query.repository, name)
      : existingFolder(resolve(query.folder, path));
  const why = `\`repositories.${name}\` in karma.yaml`;
  if (path === undefined || folder === undefined || isBeside(folder, query, query.environment))
    return { name, folder, ref, why };
  if (query.trust.has(repositoryWord(name, folder))) return { name, folder, ref, why };
  const refused = `${folder} lies outside of the estate and is not beside it, and nobody on this machine trusts that`;
  return { name, folder: undefined, ref, why, refused };
}

/** A mirror that was fetched, else a checkout of it beside the estate. No question fetches one. */
function fromUrl(
  { name, url, ref }: { readonly name: string; readonly url: string; readonly ref: string | undefined },
  { folder, repository, mirrors }: SourcePlanQuery,
): SourcePlan {
  const mirror = mirrors === undefined ? undefined : existingFolder(mirrorFolder(mirrors, url));
  const found = mirror ?? findSibling(folder, repository, url);
  const why = `\`repositories.${name}\` in karma.yaml`;
  if (found !== undefined) return { name, folder: found, ref, why };
  const refused = `it is at ${withoutCredentials(url)}, and was not fetched to this machine: \`karma repository fetch\``;
  return { name, folder: undefined, ref, why, refused };
}

class PlanList {
  readonly #main: string;
  readonly #plans = new Map<string, SourcePlan>();

  constructor(main: string) {
    this.#main = main;
  }

  knows(name: string): boolean {
    return this.#plans.has(name);
  }

  /** What is given by hand takes the place of what `karma.yaml` says of the same folder or name. */
  add(plan: SourcePlan, { byHand = false } = {}): void {
    if (plan.folder === this.#main) return;
    const same = [...this.#plans.values()].find(({ folder }) => folder !== undefined && folder === plan.folder);
    const name = same?.name ?? plan.name;
    const known = this.#plans.get(name);
    if (known === undefined || (byHand && (same !== undefined || known.why.includes('karma.yaml')))) {
      this.#plans.set(name, { ...plan, name });
    } else if (same === undefined && plan.folder !== undefined) this.#plans.set(this.#freeName(name), plan);
  }

  all(): SourcePlan[] {
    return [...this.#plans].map(([name, plan]) => ({ ...plan, name }));
  }

  #freeName(name: string): string {
    for (let number = 2; ; number += 1) if (!this.#plans.has(`${name}-${number}`)) return `${name}-${number}`;
  }
}
