import { configPath } from '../../config/effective-config.ts';
import { readJson } from '../../config/json-document.ts';
import { isEdited } from '../../edit/dialects.ts';
import type { Edit } from '../../edit/edit.ts';
import { editFile } from '../../edit/edit-file.ts';
import { textsIn } from '../../edit/texts-in.ts';
import { type Instance, type Instances, pathIn } from '../../graph/objects/instances.ts';
import { namesEnvironment } from '../../graph/objects/names.ts';
import { sensitiveKeys } from '../../infer/layouts/adage/sensitive-keys.ts';
import type { ComponentId, ComponentRow } from '../../model/component.ts';
import { findSecrets } from '../../model/secrets/values.ts';
import type { RefusedEdit } from './estate-edits.ts';
import type { EvaluatedView } from './evaluated-view.ts';
import { keyOf } from './learn-values.ts';
import { type OwnFile, ownFilesOf } from './own-files.ts';
import type { ValuesOfEnvironment } from './values-of-environment.ts';

/** A value to be looked at: where it stands in what is new, and a sentence about it that holds no value. */
export interface LookAt {
  /** Undefined: in what it evaluates to. */
  readonly file?: string;
  readonly pointer: string;
  readonly why: string;
}

/** An object as it would be in the other environment, as texts of files that are not there yet. */
export interface Draft {
  readonly instance: Instance;
  readonly id: ComponentId;
  /** In the other environment; `''` where it is a component of its own. */
  readonly deployment: string;
  readonly texts: ReadonlyMap<string, string>;
  readonly repointed: readonly LookAt[];
  readonly carried: readonly LookAt[];
}

interface Drafting {
  readonly from: string;
  readonly to: string;
  readonly values: ValuesOfEnvironment;
  readonly prefixes: Instances['prefixes'];
}

type Drafted = Draft | { readonly refused: RefusedEdit };

/** Where an object would lie, and under what name. */
interface Target {
  readonly id: ComponentId;
  readonly deployment: string;
  readonly place: (file: OwnFile) => string;
}

/** Copies of objects with what belongs to their environment said as the other says it. */
export class Drafts {
  readonly #evaluated: EvaluatedView;
  readonly #how: Drafting;

  constructor(evaluated: EvaluatedView, how: Drafting) {
    this.#evaluated = evaluated;
    this.#how = how;
  }

  of(instance: Instance): Drafted {
    const { graph } = this.#evaluated.view;
    const { view } = this.#evaluated.estate;
    const row = graph.component(graph.node(instance.id) ?? -1);
    const no = (reason: string, more: Partial<RefusedEdit> = {}): Drafted => ({
      refused: refusedAs(instance, reason, more),
    });
    if (row.path.includes(':')) return no('it lies in another repository of the estate');
    if (row.path.includes('.terragrunt-stack'))
      return no('a stack generates it', { ways: ['say it in the stack file of the other environment'] });
    const target = this.#targetOf(instance, row);
    if (typeof target === 'string') return no(target);
    const files = ownFilesOf(view, row, instance.deployment, this.#deeperThan(row));
    if (files.length === 0)
      return no(
        instance.deployment === ''
          ? 'it has no files in Git: it is published alone'
          : 'no file is called after this deployment: its code names it',
      );
    const linked = [...(view.main.links?.targets.keys() ?? [])].find((path) => files.some((one) => one.path === path));
    if (linked !== undefined) return no('one of its files is a link, which is not copied', { file: linked, line: 1 });
    const texts = new Map<string, string>();
    const [repointed, carried]: [LookAt[], LookAt[]] = [[], []];
    for (const file of files) {
      const path = target.place(file);
      if (view.main.isFile(path)) return no('there is something in its place already', { file: path, line: 1 });
      const written = this.#written(file, row, path);
      if ('refusal' in written) return no(written.refusal, { file: file.path, line: written.line ?? 1 });
      texts.set(path, written.text);
      repointed.push(...written.repointed);
      carried.push(...written.carried);
    }
    return { instance, id: target.id, deployment: target.deployment, texts, repointed, carried };
  }

  #targetOf({ deployment, object }: Instance, row: ComponentRow): Target | string {
    const { to, prefixes } = this.#how;
    if (deployment !== '') return { id: row.id, deployment: to, place: ({ name }) => name.replace('*', () => to) };
    if (row.layout === 'adage') {
      const id = `${to}/${object}`;
      const folder = configPath(id).slice(0, -'/config.json'.length);
      return { id, deployment: '', place: ({ name }) => `${folder}/${name}` };
    }
    const path = pathIn(row, to, prefixes, this.#evaluated.estate.view.settings.environments);
    if (path === undefined) return `no step of its path names ${row.environment}: nothing says where it would lie`;
    return { id: path, deployment: '', place: ({ name }) => `${path}/${name}` };
  }

  #deeperThan({ id, path }: ComponentRow): string[] {
    const { graph } = this.#evaluated.view;
    const deeper: string[] = [];
    for (let node = 0; node < graph.size; node++) {
      const row = graph.component(node);
      if (row.kind === 'component' && row.id !== id && (path === '' || row.path.startsWith(`${path}/`)))
        deeper.push(row.path);
    }
    return deeper;
  }

  #written(file: OwnFile, row: ComponentRow, path: string): Written | Refused {
    const { values } = this.#how;
    const { view } = this.#evaluated.estate;
    const text = view.main.read(file.path);
    if (text === undefined || text.includes('\ufffd')) return { refusal: 'one of its files is no text' };
    if (/\bENC\[AES256_GCM,|^\s*"?sops"?\s*[:=]/m.test(text))
      return { refusal: 'one of its files is encrypted: its secrets are of its environment' };
    const bytes = new TextEncoder().encode(text);
    const said = textsIn({ path: file.path, bytes });
    const secret = secretIn(this.#evaluated, row, { path: file.path, text, said });
    if (secret !== undefined)
      return { refusal: `${secret} is a secret, which is of its environment: it is said there by hand` };
    const edits: Edit[] = [];
    const [repointed, carried]: [LookAt[], LookAt[]] = [[], []];
    for (const { pointer, text: one } of said) {
      const key = keyOf(pointer);
      const isVersioned = key === 'source' || key === 'version';
      const found = values.translate(key, one, isVersioned);
      if ('unknown' in found) return { refusal: `${pointer}: ${found.unknown}` };
      if (found.text !== one) {
        edits.push({ path: pointer, set: found.text });
        repointed.push({ file: path, pointer, why: [...new Set(found.why)].join(', ') });
      }
    }
    if (edits.length === 0) {
      if (!isEdited(file.path) && namesEnvironment(text, this.#how.from))
        carried.push({ file: path, pointer: '', why: `it names ${this.#how.from}, and is copied as it is` });
      return { text, repointed, carried };
    }
    const answer = editFile({ path: file.path, bytes }, edits);
    if ('refusal' in answer) {
      const { path: pointer, reason, line } = answer.refusal;
      return { refusal: `${pointer} names its environment, and ${reason}`, line };
    }
    return { text: new TextDecoder('utf-8', { ignoreBOM: true }).decode(answer.bytes), repointed, carried };
  }
}

interface Written {
  readonly text: string;
  readonly repointed: readonly LookAt[];
  readonly carried: readonly LookAt[];
}

interface Refused {
  readonly refusal: string;
  readonly line?: number;
}

/** The first key of a file that holds a secret, or may. */
function secretIn(
  { view, estate }: EvaluatedView,
  row: ComponentRow,
  { path, text, said }: { readonly path: string; readonly text: string; readonly said: ReturnType<typeof textsIn> },
): string | undefined {
  if (row.layout === 'adage' && path.endsWith('/config.json')) {
    const { value } = readJson(text);
    const [first] = [
      ...findSecrets(value).map(({ pointer }) => pointer),
      ...sensitiveKeys(estate.view, row.type, value),
    ];
    return first;
  }
  const sensitive = new Set(
    view.graph
      .types()
      .get(row.module)
      ?.variables.flatMap(({ name, sensitive: is }) => (is ? [name] : [])),
  );
  return said.find(({ pointer, text: one }) => {
    const key = keyOf(pointer);
    return one !== '' && (sensitive.has(key) || findSecrets({ [key]: one }).length > 0);
  })?.pointer;
}

export function refusedAs(
  { id, deployment }: Pick<Instance, 'id' | 'deployment'>,
  reason: string,
  more: Partial<RefusedEdit> = {},
): RefusedEdit {
  return {
    component: id,
    ...(deployment === '' ? {} : { deployment }),
    pointer: '',
    reason,
    readers: [],
    ways: ['make it by hand: a change with a new component', 'leave it where it is'],
    ...more,
  };
}
