import { object, text } from '../../config/shape-parts.ts';
import type { ValueOf } from '../../config/shape-value.ts';
import type { Graph } from '../../graph/graph.ts';
import { findOne } from '../../graph/operations/find.ts';
import { order } from '../../graph/operations/order.ts';
import type { ComponentId, ComponentRow } from '../../model/component.ts';
import { KarmaError } from '../../model/errors.ts';
import { outputName, wholeRuntime } from '../../model/pointer.ts';
import type { ReferenceRow } from '../../model/reference.ts';
import { openChanges } from '../changing/opened-changes.ts';
import { proposeEdits } from '../changing/propose-edits.ts';
import type { EngineContext } from '../context.ts';
import type { MadeEdits } from '../objects/estate-edits.ts';
import { evaluatedView } from '../objects/evaluated-view.ts';
import { repoint } from '../objects/repointing.ts';
import { writeEdits } from '../objects/write-edits.ts';
import { sealOf } from '../view/seal.ts';
import { workingDirectoryOf } from '../view/view.ts';
import { type ProposedAnswer, proposedAnswer } from './changes.ts';
import { answerOf, type EditsAnswer } from './config-edit.ts';
import { defineVerb } from './verb.ts';

export interface SwitchAnswer extends EditsAnswer {
  readonly from: ComponentId;
  readonly to: ComponentId;
  /** Who reads the other one now, in the order in which they run. */
  readonly moved: readonly ComponentId[];
}

const query = object(
  'What is switched.',
  { id: text('The component that is read.'), to: text('The one that is to be read in its place.') },
  'id',
  'to',
);

/** Blue and green: whoever reads one component reads another in its place; both stay. All of them, or none. */
async function switchTo(
  context: EngineContext,
  asked: ValueOf<typeof query>,
  { write = false, at }: { readonly write?: boolean; readonly at?: string } = {},
): Promise<{ readonly answer: SwitchAnswer; readonly files: MadeEdits['files'] }> {
  const evaluated = await evaluatedView(context, at);
  const { graph } = evaluated.view;
  const find = (name: string) =>
    graph.component(findOne(graph, name, { workingDirectory: workingDirectoryOf(evaluated.view) }));
  const [from, to] = [find(asked.id), find(asked.to)];
  if (from.id === to.id) throw new KarmaError('KARMA_USAGE', `${from.id} is what it would be switched to`);
  if (from.layout !== to.layout || from.environment !== to.environment)
    throw new KarmaError('KARMA_USAGE', `${to.id} is in another environment or layout than ${from.id}`, {
      hint: '`karma env promote` brings what one environment has to another',
    });
  const references = readersInOrder(graph, from.id).filter((one) => one.from !== to.id);
  mustBeEqual(from, to, references);
  const moved = await repoint(evaluated, { from, to, references, seal: await sealOf(context) });
  const whole = moved.refused.length === 0 ? moved.files : [];
  if (write) writeEdits(evaluated.estate, whole);
  const answer = {
    ...answerOf(evaluated, { files: whole, refused: moved.refused, also: [], made: [] }, write && whole.length > 0),
    from: from.id,
    to: to.id,
    moved: moved.refused.length === 0 ? moved.moved : [],
  };
  return { answer, files: whole };
}

function readersInOrder(graph: Graph, id: ComponentId): readonly ReferenceRow[] {
  const node = graph.node(id);
  const { inStart, inEdges } = graph.adjacency;
  if (node === undefined) return [];
  const references: ReferenceRow[] = [];
  for (let at = inStart[node] ?? 0; at < (inStart[node + 1] ?? 0); at++)
    references.push(graph.reference(inEdges[at] ?? 0));
  const readers = new Map(references.filter(({ strength }) => strength === 'proven').map((one) => [one.from, one]));
  const nodes = [...readers.keys()].flatMap((reader) => graph.node(reader) ?? []);
  const { waves, cycles } = order(graph, nodes);
  return [...waves.flat(), ...cycles.flat()].flatMap((reader) => readers.get(reader) ?? []);
}

/** @throws KARMA_REFUSED where something that is read of the one is not there in the other */
function mustBeEqual(from: ComponentRow, to: ComponentRow, references: readonly ReferenceRow[]): void {
  const [had, has] = [from.outputs ?? [], to.outputs ?? []];
  const there = new Set(has);
  const read = references.flatMap(({ from: reader, consumes }) =>
    consumes
      .flatMap((pointer) => (pointer === wholeRuntime ? had : [outputName(pointer)]))
      .map((name) => ({ reader, name })),
  );
  const missing = read.filter(({ name }) => !there.has(name));
  // Of an Adage type without module nothing says what its outputs are; one type has one contract.
  if (missing.length === 0 || (had.length === 0 && from.type === to.type)) return;
  const names = [...new Set(missing.map(({ name }) => name))];
  const readers = [...new Set(missing.map(({ reader }) => reader))];
  throw new KarmaError(
    'KARMA_REFUSED',
    `${to.id} has no ${names.map((name) => `\`${name}\``).join(', ')}, which ${readers.join(', ')} ${readers.length === 1 ? 'reads' : 'read'}`,
    {
      hint: 'give it the same outputs first',
      details: { missing: names, readers },
    },
  );
}

export const environmentSwitchVerb = defineVerb({
  about: 'Whoever reads one component reads another in its place: the contract is compared, and the edits are a patch.',
  query,
  writes: 'nothing',
  run: async (context, asked) => (await switchTo(context, asked)).answer,
});

/** The same into the work tree: for who sits in front of it. */
export const environmentSwitchWriteVerb = defineVerb({
  about: 'The same edits, written to the work tree.',
  query,
  writes: 'ledger',
  run: async (context, asked) => (await switchTo(context, asked, { write: true })).answer,
});

export interface ProposedSwitch extends SwitchAnswer {
  readonly proposed: ProposedAnswer;
}

/** The same as a change, made on the followed ref. */
export const environmentSwitchProposeVerb = defineVerb({
  about: 'The same edits as a change request, made on the followed ref.',
  query: {
    ...query,
    fields: { ...query.fields, reason: text('Why; default: what is switched to what.') },
  },
  writes: 'ledger',
  takes: 'proposer',
  run: async (context, { reason, ...asked }): Promise<ProposedSwitch> => {
    const { followed } = await openChanges(context);
    const { answer, files } = await switchTo(context, asked, { at: followed.commit });
    const proposed = await proposeEdits(context, files, reason ?? `Switch from ${answer.from} to ${answer.to}`);
    return { ...answer, proposed: proposedAnswer(proposed) };
  },
});
