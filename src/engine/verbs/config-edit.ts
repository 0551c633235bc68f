import { any, choice, list, map, object, text } from '../../config/shape-parts.ts';
import type { ValueOf } from '../../config/shape-value.ts';
import { unifiedDiff } from '../../edit/unified-diff.ts';
import type { Json } from '../../model/digest.ts';
import { KarmaError } from '../../model/errors.ts';
import { hideInText } from '../../model/secrets/text.ts';
import { mustBeNamedOnce } from '../changing/value-edits.ts';
import type { EngineContext } from '../context.ts';
import { deploymentMeant } from '../objects/deployment-meant.ts';
import {
  type AlsoChanged,
  EstateEdits,
  type MadeEdits,
  type RefusedEdit,
  type WantedEdit,
} from '../objects/estate-edits.ts';
import { type EvaluatedView, evaluatedView } from '../objects/evaluated-view.ts';
import { writeEdits } from '../objects/write-edits.ts';
import { mustReach } from '../said-depth.ts';
import { sealOf } from '../view/seal.ts';
import { stampOf, type ViewStamp, workingDirectoryOf } from '../view/view.ts';
import { defineVerb } from './verb.ts';

/** Edits of files, as a patch; what could not be made is named with its ways out. */
export interface EditsAnswer {
  readonly view: ViewStamp;
  readonly files: readonly {
    readonly path: string;
    /** A patch that `git apply` takes; secrets in it are hidden. */
    readonly diff: string;
  }[];
  readonly refused: readonly RefusedEdit[];
  /** Components and deployments that are given something else as well, though nobody asked about them. */
  readonly also: readonly AlsoChanged[];
  /** The files stand in the work tree as they are here. */
  readonly written: boolean;
}

const query = object(
  'Which edits of which component.',
  {
    id: text('A component; `network@prod`: one deployment of a root module that has several.'),
    set: map('New values by pointer: `/tags/Team`.', any('A value.')),
    unset: list('What is taken away, by pointer.', text('A pointer.')),
    ref: text('Another version of the module that a unit runs.'),
    in: text('The deployment, of a root module that has several.'),
    where: choice(
      'What comes from elsewhere is refused, overridden here, or changed where it is said for all who read it. Default: refuse.',
      'refuse',
      'override',
      'there',
    ),
  },
  'id',
);

/** All edits of one component, or none of them. */
async function editConfig(context: EngineContext, asked: ValueOf<typeof query>, write: boolean): Promise<EditsAnswer> {
  const evaluated = await evaluatedView(context, undefined);
  const { graph } = evaluated.view;
  const { component: row, deployment } = deploymentMeant(graph, asked.id, asked.in, workingDirectoryOf(evaluated.view));
  const one = { component: row.id, deployment };
  const wanted: WantedEdit[] = [
    ...Object.entries(asked.set ?? {}).map(
      ([path, set]): WantedEdit => ({ ...one, of: 'input', edit: { path: checked(path), set: set as Json } }),
    ),
    ...(asked.unset ?? []).map(
      (path): WantedEdit => ({ ...one, of: 'input', edit: { path: checked(path), unset: true } }),
    ),
    ...(asked.ref === undefined ? [] : [{ ...one, of: 'source' as const, edit: { path: '/source', ref: asked.ref } }]),
  ];
  mustBeNamedOnce(wanted.flatMap(({ of, edit }) => (of === 'input' ? [edit.path] : [])));
  if (wanted.length === 0)
    throw new KarmaError('KARMA_USAGE', `set what of ${row.id}?`, { hint: 'name keys as key=value, or --unset key' });
  const made = await new EstateEdits(evaluated, { seal: await sealOf(context), where: asked.where ?? 'refuse' }).make(
    wanted,
  );
  const whole = made.refused.length === 0 ? made : { ...made, files: [], also: [] };
  if (write) writeEdits(evaluated.estate, whole.files);
  return answerOf(evaluated, whole, write && whole.files.length > 0);
}

export function answerOf({ view }: EvaluatedView, { files, refused, also }: MadeEdits, written: boolean): EditsAnswer {
  return {
    view: stampOf(view),
    files: files.map(({ path, before, after }) => ({ path, diff: hideInText(unifiedDiff(path, before, after)) })),
    refused,
    also,
    written,
  };
}

function checked(pointer: string): string {
  if (pointer.startsWith('/') && pointer.length > 1) return mustReach(pointer);
  throw new KarmaError('KARMA_USAGE', `${JSON.stringify(pointer)} is no pointer to a key`, {
    hint: 'a pointer begins with a slash: /tags/Team',
  });
}

export const configEditVerb = defineVerb({
  about: 'Edits of what a component is given, at the literals that decide it, as a patch.',
  query,
  writes: 'nothing',
  run: (context, asked) => editConfig(context, asked, false),
});

/** The same into the work tree: for who sits in front of it. */
export const configWriteVerb = defineVerb({
  about: 'The same edits, written to the work tree.',
  query,
  writes: 'ledger',
  run: (context, asked) => editConfig(context, asked, true),
});
