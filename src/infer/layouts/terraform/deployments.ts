import { byCodeUnit } from '../../../model/digest.ts';
import type { FileView } from '../../../model/file-view.ts';
import { anyFolders, type Part, type Wildcards, wildcards } from '../../../model/wildcards.ts';

/** A root module with one set of variables: an environment's var-files and backend files, or the only one there is. */
export interface DeploymentFiles {
  /** `''` when there is only the one. */
  readonly name: string;
  /** In the order in which Terraform would read them, later ones win. */
  readonly varFiles: readonly string[];
  readonly backendFiles: readonly string[];
}

/** Folders below a root module in which people keep files for environments. */
const environmentFolders =
  /^(env|envs|environment|environments|var|vars|tfvars|var-files|varfiles|variables|config|configs|conf|backend|backends|backend-config|backend-configs|backend_config|workspaces|stages|accounts|inventory|params|parameters|settings|deployments)$/i;

/** File names that belong to every environment. */
const everywhere =
  /^(common|shared|global|globals|default|defaults|base|all|backend|config|account|terraform|variables|state|)$/i;

const isVarFile = (name: string): boolean => /\.tfvars(\.json)?$/.test(name);
/** By a name in the module's own folder. */
export const isLoadedAlways = (name: string): boolean =>
  /^terraform\.tfvars(\.json)?$|\.auto\.tfvars(\.json)?$/.test(name);
const isBackendFile = (name: string): boolean =>
  /\.(tfbackend|backend)$|^backend[-._].*\.(hcl|conf|config|tfvars|tfbackend)$|[-._]backend\.(hcl|conf|config|tfvars|tfbackend)$|^backend\.(hcl|conf|config|tfvars|tfbackend)$/i.test(
    name,
  );

interface Found {
  readonly path: string;
  /** `''` for every environment. */
  readonly environment: string;
  readonly kind: 'var' | 'backend';
}

/**
 * The deployments of a root module, by the files beside it: those Terraform loads by itself belong to all; others name an
 * environment by file (`envs/prod.tfvars`, `prod.tfbackend`) or by folder (`envs/prod/terraform.tfvars`).
 *
 * @param patterns from `karma.yaml`, from the root module's folder or the repository's root, with `{environment}`.
 */
export function deploymentFiles(
  view: FileView,
  folder: string,
  patterns: readonly string[] = [],
): readonly DeploymentFiles[] {
  const always = view
    .list(folder)
    .filter(({ name, kind }) => kind === 'file' && isLoadedAlways(name))
    .map(({ name }) => name)
    .sort((a, b) => Number(a.includes('.auto.')) - Number(b.includes('.auto.')) || byCodeUnit(a, b))
    .map((name) => under(folder, name));
  const found = patterns.length > 0 ? matching(view, folder, patterns) : byHabit(view, folder);
  const names = [...new Set(found.map(({ environment }) => environment))]
    .filter((name) => name !== '')
    .sort(byCodeUnit);
  const of = (name: string, kind: Found['kind']) =>
    [
      ...found.filter((one) => one.environment === '' && one.kind === kind),
      ...found.filter((one) => one.environment === name && one.kind === kind && name !== ''),
    ].map(({ path }) => path);
  return (names.length === 0 ? [''] : names).map((name) => ({
    name,
    varFiles: [...always, ...of(name, 'var')],
    backendFiles: of(name, 'backend'),
  }));
}

function isBeside(view: FileView, path: string): boolean {
  return isVarFile(path) && view.setBeside?.(path) !== undefined;
}

function under(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}

function byHabit(view: FileView, folder: string): readonly Found[] {
  const found: Found[] = [];
  const look = (at: string, environment: string, depth: number, holdsEnvironments: boolean): void => {
    for (const { name, kind } of view.list(at)) {
      const path = under(at, name);
      // What is only on this machine makes no environment.
      if (isBeside(view, path)) continue;
      if (kind === 'file') {
        const type = isBackendFile(name) ? 'backend' : isVarFile(name) ? 'var' : undefined;
        if (type === undefined || (depth === 0 && isLoadedAlways(name))) continue;
        found.push({ path, kind: type, environment: environment === '' ? environmentIn(name) : environment });
      } else if (depth === 0 && environmentFolders.test(name)) look(path, '', 1, true);
      else if (holdsEnvironments && depth === 1 && !view.list(path).some((entry) => /\.tf(\.json)?$/.test(entry.name)))
        look(path, name, 2, false);
    }
  };
  look(folder, '', 0, false);
  return found;
}

/** `prod.tfvars`, `backend-prod.hcl`, `integration.blue.backend`: what is left of the name. */
function environmentIn(name: string): string {
  const stem = name
    .replace(/\.(auto\.)?(tfvars|tfbackend|backend|hcl|conf|config)(\.json)?$/i, '')
    .replace(/\.(tfvars|backend)$/i, '')
    .replace(/^(backend|terraform|config|env|vars)[-._]|[-._](backend|vars|config)$/i, '');
  return everywhere.test(stem) ? '' : stem;
}

function matching(view: FileView, folder: string, patterns: readonly string[]): readonly Found[] {
  const prefix = folder === '' ? '' : `${folder}/`;
  const files = view.files().filter((path) => /\.(tfvars(\.json)?|tfbackend|backend|hcl|conf|config|json)$/.test(path));
  return patterns.flatMap((pattern) => {
    const form = patternForm(pattern);
    return files.flatMap((path): Found[] => {
      if (isBeside(view, path)) return [];
      const match = (path.startsWith(prefix) ? form.named(path.slice(prefix.length)) : undefined) ?? form.named(path);
      if (match === undefined) return [];
      const name = path.slice(path.lastIndexOf('/') + 1);
      return [
        {
          path,
          kind: isBackendFile(name) ? 'backend' : 'var',
          environment: match.environment ?? environmentIn(name),
        },
      ];
    });
  });
}

/** Whether a pattern of `karma.yaml` fits any file, from the repository's root or from a root module's folder. */
export function fitsAnyFile(pattern: string, files: readonly string[], roots: ReadonlySet<string>): boolean {
  const form = patternForm(pattern);
  return files.some((path) => {
    if (form.test(path)) return true;
    for (let at = path.indexOf('/'); at > 0; at = path.indexOf('/', at + 1))
      if (roots.has(path.slice(0, at)) && form.test(path.slice(at + 1))) return true;
    return false;
  });
}

/** `envs/{environment}.tfvars`, with `*` within one step and `**` over several. */
function patternForm(pattern: string): Wildcards {
  return wildcards(
    pattern
      .replace(/^\.\//, '')
      .split(/(\*\*\/|\*\*|\*|\{environment\})/)
      .map((part, index): Part => {
        if (index % 2 === 0) return part;
        if (part === '**/') return anyFolders;
        if (part.startsWith('*')) return { run: part === '*' ? 'step' : 'all' };
        return { run: 'step', some: true, few: true, name: 'environment' };
      }),
  );
}

/** Var-files that lie above a root module in a `config` folder and hold what the folders below share. Nearest first. */
export function sharedFiles(view: FileView, folder: string): readonly string[] {
  const found: string[] = [];
  const steps = folder === '' ? [] : folder.split('/');
  for (let depth = steps.length - 1; depth >= 0; depth--) {
    const config = under(steps.slice(0, depth).join('/'), 'config');
    for (const { name, kind } of view.list(config))
      if (
        kind === 'file' &&
        isVarFile(name) &&
        !isBeside(view, `${config}/${name}`) &&
        everywhere.test(environmentIn(name))
      )
        found.push(`${config}/${name}`);
  }
  return found;
}
