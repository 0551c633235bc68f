import { byCodeUnit } from '../../../model/digest.ts';
import type { EstateSettings, EstateView } from '../../../model/estate.ts';
import type { FileView } from '../../../model/file-view.ts';
import { filePlace } from '../../../model/file-view.ts';
import type { Finding } from '../../../model/finding.ts';
import { findingKinds } from '../../../model/finding-codes.ts';
import { nearest } from '../../../model/nearest.ts';
import type { Candidate, Discovery } from '../../layout.ts';
import { mergeReadSets, recordReads } from '../../record-reads.ts';
import { isConfiguration } from '../../terraform/module-files.ts';
import { localModulePath } from '../../terraform/module-source.ts';
import { unreadLayoutsIn } from '../../unread-layouts.ts';
import { deploymentFiles, fitsAnyFile, sharedFiles } from './deployments.ts';
import { type Root, setElsewhere } from './set-elsewhere.ts';

/** Folders whose modules nobody deploys from there: examples, fixtures, what was downloaded. */
const notDeployed =
  /^(examples?|tests?|testdata|fixtures?|test-fixtures|\.terraform|\.terragrunt-cache|node_modules|vendor|\.git)$/i;
/** An environment is called so too: what keeps a state where others find it is deployed. */
const maybeEnvironment = /^tests?$/i;
const downloaded = /^(\.terraform|\.terragrunt-cache|node_modules|\.git)$/;

interface Folder {
  readonly path: string;
  readonly names: readonly string[];
}

/** Root modules of all repositories of an estate, by what stands in their folders; nothing is evaluated. */
export function discoverRoots(estate: EstateView): Discovery {
  const candidates: Candidate[] = [];
  const passedOver: { path: string; reason: string }[] = [];
  const recorders = [...estate.repos.values()].map(recordReads);
  for (const { view } of recorders) {
    const folders = moduleFolders(view);
    const context = contextOf(view, folders, estate.settings);
    const roots: Root[] = [];
    for (const folder of folders.values()) {
      const place = filePlace(view.repo, folder.path);
      const verdict = judge(view, folder, context);
      if (verdict === 'root') roots.push(rootAt(view, folder.path, context, estate.settings));
      else if (verdict !== undefined) passedOver.push({ path: place === '' ? '.' : place, reason: verdict });
    }
    candidates.push(...candidatesOf(view, roots));
  }
  const views = recorders.map(({ view }) => view);
  const findings = [...unreadLayoutsIn(views), ...idleSettings(views, candidates, estate.settings)];
  return {
    candidates: candidates.sort((a, b) => byCodeUnit(a.id, b.id)),
    passedOver: passedOver.sort((a, b) => byCodeUnit(a.path, b.path)),
    findings,
    read: mergeReadSets(recorders.map((recorder) => recorder.readSet())),
  };
}

/** What `karma.yaml` says of root modules and files of variables that are not there. */
function idleSettings(
  views: readonly FileView[],
  candidates: readonly Candidate[],
  settings: EstateSettings,
): Finding[] {
  const { roots = [], varFiles = [] } = settings;
  if (roots.length === 0 && varFiles.length === 0) return [];
  const places = new Set(candidates.map(({ path }) => path));
  const missing = roots
    .map((root) => ({ root, place: plainRoot(root) }))
    .filter(({ place }) => !places.has(place))
    .map(({ root, place }) => {
      const [near] = nearest(
        place,
        views.flatMap((view) => [...moduleFolders(view).keys()]),
      );
      const meant = near === undefined ? '' : `; did you mean ${near}?`;
      return unmatchedEntry(
        'terraform/roots',
        root,
        `karma.yaml names the root module ${root}, and there is no module${meant}`,
      );
    });
  const idle = varFiles
    .filter((pattern) => !views.some((view) => fitsAnyFile(pattern, view.files(), places)))
    .map((pattern) =>
      unmatchedEntry(
        'terraform/varFiles',
        pattern,
        `karma.yaml names files of variables ${pattern}, which no file fits`,
      ),
    );
  return [...missing, ...idle];
}

function unmatchedEntry(part: string, name: string, message: string): Finding {
  return {
    code: 'entry-unmatched',
    severity: findingKinds['entry-unmatched'].severity,
    subject: 'estate',
    key: `${part}|${name}`,
    message,
    evidence: [{ rule: 'declared', site: `karma.yaml#/${part}`, file: 'karma.yaml' }],
  };
}

function plainRoot(root: string): string {
  return root.replace(/^\.\/|\/+$/g, '').replace(/^\.$/, '');
}

function rootAt(view: FileView, path: string, { texts }: Context, { varFiles }: EstateSettings): Root {
  const files = deploymentFiles(view, path, varFiles).flatMap((one) => one.varFiles);
  return { path, varFiles: [...files, ...sharedFiles(view, path)], text: texts.get(path) ?? '' };
}

/** A root module's claim rests on what elsewhere in the repository may set its variables: so that is remembered with it. */
function candidatesOf(view: FileView, roots: readonly Root[]): Candidate[] {
  if (roots.length === 0) return [];
  const elsewhere = setElsewhere(view, roots);
  return roots.map((root) => {
    const names = elsewhere.for(root).join(' ');
    const seed = names === '' ? {} : { seed: { mayBeSet: names } };
    return { layout: 'terraform', id: idOf(view, root.path), path: filePlace(view.repo, root.path), ...seed };
  });
}

/** The path from the estate's root; `.` for the root itself. */
export function idOf(view: FileView, path: string): string {
  return filePlace(view.repo, path === '' ? '.' : path);
}

function moduleFolders(view: FileView): ReadonlyMap<string, Folder> {
  const names = new Map<string, string[]>();
  for (const file of view.files()) {
    const slash = file.lastIndexOf('/');
    const folder = slash < 0 ? '' : file.slice(0, slash);
    const known = names.get(folder);
    if (known === undefined) names.set(folder, [file.slice(slash + 1)]);
    else known.push(file.slice(slash + 1));
  }
  const found = new Map<string, Folder>();
  for (const path of [...names.keys()].sort(byCodeUnit)) {
    const inside = names.get(path) ?? [];
    if (inside.some(isConfiguration) && !path.split('/').some((step) => downloaded.test(step)))
      found.set(path, { path, names: inside });
  }
  return found;
}

/** What is known of a whole repository before its folders are judged. */
interface Context {
  readonly roots: ReadonlySet<string>;
  /** Folders that a module call leads to. */
  readonly called: ReadonlySet<string>;
  /** Folders with Terragrunt units somewhere: then an empty backend block is filled by Terragrunt. */
  readonly terragrunt: boolean;
  readonly terragruntFile: string;
  readonly adage: boolean;
  /** `karma.yaml` says that modules are read from this repository. */
  readonly holdsModules: boolean;
  readonly texts: ReadonlyMap<string, string>;
  /** Files that links in other folders lead to. */
  readonly linked: ReadonlySet<string>;
}

function contextOf(view: FileView, folders: ReadonlyMap<string, Folder>, settings: EstateSettings): Context {
  const terragruntFile = settings.terragruntFile ?? 'terragrunt.hcl';
  const files = view.files();
  const called = new Set<string>();
  const texts = new Map<string, string>();
  for (const { path, names } of folders.values()) {
    const text = names
      .filter(isConfiguration)
      .map((name) => view.read(path === '' ? name : `${path}/${name}`) ?? '')
      .join('\n');
    texts.set(path, text);
    for (const [, source = ''] of text.matchAll(/\bsource"?\s*[=:]\s*"(\.{1,2}(?:\/[^"]*)?)"/g))
      called.add(localModulePath(path, source));
  }
  return {
    roots: new Set((settings.roots ?? []).map(plainRoot)),
    called,
    holdsModules: Object.values(settings.modules ?? {}).some(
      (place) => view.repo !== '' && place.split(':')[0] === view.repo,
    ),
    texts,
    linked: linkedFiles(view),
    terragruntFile,
    terragrunt: files.some(
      (file) => file === terragruntFile || file.endsWith(`/${terragruntFile}`) || file.endsWith('terragrunt.stack.hcl'),
    ),
    adage: files.some((file) => /^iac\/[^/]+\/[^/]+\/[^/]+\/config\.json$/.test(file)),
  };
}

function linkedFiles({ links }: FileView): ReadonlySet<string> {
  const linked = new Set<string>();
  for (const path of links?.targets.keys() ?? []) {
    const { real } = links?.follow(path) ?? {};
    if (real !== undefined && folderOf(real) !== folderOf(path)) linked.add(real);
  }
  return linked;
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** `root`, the reason why it is passed over, or undefined for a module that only others call. */
function judge(view: FileView, { path, names }: Folder, context: Context): string | undefined {
  if (context.roots.has(path)) return 'root';
  const text = context.texts.get(path) ?? '';
  const signs = signsOf(
    names.filter((name) => view.setBeside?.(path === '' ? name : `${path}/${name}`) === undefined),
    text,
  );
  if (!signs.backend && !signs.state && !signs.variables && !signs.locked && !signs.alone) return undefined;
  if (names.includes(context.terragruntFile) || names.includes(`${context.terragruntFile}.json`))
    return 'a Terragrunt unit';
  const step = path.split('/').find((one) => notDeployed.test(one) && !(signs.remote && maybeEnvironment.test(one)));
  if (step !== undefined) return `below \`${step}\`: nobody deploys from there`;
  if (/(^|\/)components\/[^/]+(\/|$)/.test(path) && (context.adage || view.repo !== ''))
    return 'the module of an Adage component type';
  if (isLentOut(path, names, signs, context)) return 'a folder whose files others link to';
  if (signs.backend)
    return context.terragrunt && signs.emptyBackend && !signs.variables && !signs.locked
      ? 'its backend is filled in by Terragrunt'
      : 'root';
  if (signs.state) return 'root';
  if (context.called.has(path) && !isRunToo(path, signs)) return 'a module that others call';
  if (context.holdsModules) return undefined;
  if (signs.variables || signs.locked)
    return context.terragrunt && !signs.alone ? 'a module of Terragrunt units' : 'root';
  return context.terragrunt || /(^|\/)_?modules?(\/|$)/i.test(path) ? undefined : 'root';
}

/**
 * Whether a module that others call is a root as well: values of its own, pinned providers or a provider that it configures
 * are of no use to its callers. Below `modules` people leave one of these behind when they try a module out.
 */
function isRunToo(path: string, { variables, locked, alone }: Signs): boolean {
  const count = [variables, locked, alone].filter(Boolean).length;
  return count >= (/(^|\/)_?modules?(\/|$)/i.test(path) ? 2 : 1);
}

/** All that it holds is linked to from elsewhere, and nothing shows that anybody runs it where it is. */
function isLentOut(path: string, names: readonly string[], signs: Signs, { linked }: Context): boolean {
  if (signs.state || signs.variables || signs.locked) return false;
  const files = names.filter(isConfiguration).map((name) => (path === '' ? name : `${path}/${name}`));
  return files.every((file) => linked.has(file));
}

interface Signs {
  readonly backend: boolean;
  readonly emptyBackend: boolean;
  /** A backend that is not on the machine of whoever runs it. */
  readonly remote: boolean;
  readonly state: boolean;
  readonly variables: boolean;
  readonly locked: boolean;
  /** It configures a provider or reads another state, as only a root module does. */
  readonly alone: boolean;
}

function signsOf(names: readonly string[], text: string): Signs {
  const has = (form: RegExp) => names.some((name) => form.test(name));
  return {
    backend: /^\s*backend\s+"?[a-z0-9]+"?\s*\{|^\s*cloud\s*\{|"(backend|cloud)"\s*:/m.test(text),
    emptyBackend: /^\s*backend\s+"?[a-z0-9]+"?\s*\{\s*\}/m.test(text),
    remote: /^\s*backend\s+"?(?!local\b)[a-z0-9]+"?\s*\{|^\s*cloud\s*\{/m.test(text),
    state: has(/^terraform\.tfstate(\.backup)?$/) || has(/^terraform\.tfstate\.d$/),
    variables: has(/\.tfvars(\.json)?$|\.tfbackend$/),
    locked: names.includes('.terraform.lock.hcl'),
    alone: /^\s*provider\s+"[\w-]+"\s*\{\s*\S*[^\s}]/m.test(text) || /^\s*data\s+"terraform_remote_state"/m.test(text),
  };
}
