import { posix } from 'node:path';
import type { Edit, Refusal } from '../../edit/edit.ts';
import { editFile } from '../../edit/edit-file.ts';
import { findOne } from '../../graph/operations/find.ts';
import type { ComponentRow } from '../../model/component.ts';
import { KarmaError } from '../../model/errors.ts';
import { blobsOf, type FileEdit, type TreeFile } from '../../observe/content-commit.ts';
import type { LoadedView } from '../view/view.ts';
import type { ChangeGround } from './change-ground.ts';
import type { ComponentEdit } from './proposal.ts';

interface Place {
  readonly ground: ChangeGround;
  readonly view: LoadedView;
  readonly files: ReadonlyMap<string, TreeFile>;
}

/** Values of components, changed at the literals that say them, each file in one go. @throws KARMA_REFUSED with the place and the ways out */
export async function editedValues(
  { ground, view, files }: Place,
  edits: readonly ComponentEdit[],
): Promise<readonly FileEdit[]> {
  const byFile = new Map<string, Edit[]>();
  for (const { id, values } of edits) {
    const component = view.graph.component(findOne(view.graph, id, { workingDirectory: '' }));
    const { file, under } = fileOf(component, view, ground);
    const known = byFile.get(file) ?? [];
    byFile.set(file, known);
    for (const { pointer, value } of values) {
      const path = `${under}${pointer === '*' ? '' : pointer}`;
      known.push(value === undefined ? { path, unset: true } : { path, set: value });
    }
  }
  const made: FileEdit[] = [];
  for (const [path, wanted] of byFile) {
    const there = files.get(path);
    if (there === undefined || !there.mode.startsWith('100'))
      throw new KarmaError('KARMA_REFUSED', `there is no file ${path} to say it in`, {
        hint: 'write it and commit it to a branch, and propose that: `--from <branch>`',
        details: { file: path },
      });
    const [bytes = new Uint8Array()] = await blobsOf(ground.repository, [there.oid]);
    const answer = editFile({ path, bytes }, wanted);
    if ('refusal' in answer) throw refused(answer.refusal);
    made.push({ path, bytes: answer.bytes });
  }
  return made;
}

/** The file that says what a component is given, from the repository's top, and where in it. */
function fileOf(
  { id, layout, path, kind, external }: ComponentRow,
  { estate }: LoadedView,
  { root }: ChangeGround,
): { readonly file: string; readonly under: string } {
  if (kind !== 'component' || external || /^[^/]*:/.test(path) || path.includes('.terragrunt-stack'))
    throw new KarmaError('KARMA_REFUSED', `${id} is not said in a file of this repository`, {
      hint: `\`karma config show ${id} --explain\` says where each value comes from`,
    });
  const unit = estate?.view.settings.terragruntFile ?? 'terragrunt.hcl';
  const within = {
    adage: { file: 'config.json', under: '' },
    terragrunt: { file: unit, under: '/inputs' },
    terraform: { file: 'terraform.tfvars', under: '' },
  }[layout];
  return { file: posix.join(root.scope, path, within.file), under: within.under };
}

function refused({ file, line, column, reason, ways, path, code, from }: Refusal): KarmaError {
  return new KarmaError('KARMA_REFUSED', `${file}:${line}: ${reason}`, {
    ...(ways.length === 0 ? {} : { hint: ways.join('; or ') }),
    details: { file, line, column, path, code, ...(from === undefined ? {} : { from }) },
  });
}
