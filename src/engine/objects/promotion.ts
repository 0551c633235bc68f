import type {
  ComparedEnvironments,
  ComparedObject,
  ObjectDifference,
} from '../../graph/objects/compare-environments.ts';
import type { Claim } from '../../model/claim.ts';
import type { ComponentId, LayoutName } from '../../model/component.ts';
import { canonicalJson, type Json } from '../../model/digest.ts';
import { pointerOf, stepsOf, valueAt } from '../../model/pointer.ts';
import type { RefusedEdit, WantedEdit } from './estate-edits.ts';
import { isJudged } from './judged-inputs.ts';
import { keyOf } from './learn-values.ts';
import type { ValuesOfEnvironment } from './values-of-environment.ts';

/** What would make the objects of one environment what those of another are. */
export interface Promotion {
  readonly wanted: readonly WantedEdit[];
  /** What no edit of a literal does, each with what does. */
  readonly refused: readonly RefusedEdit[];
  /** What differs because the environments do, though no rule says so: nothing is edited. */
  readonly kept: readonly KeptDifference[];
}

export interface KeptDifference {
  readonly component: ComponentId;
  readonly deployment?: string;
  readonly pointer: string;
  readonly why: string;
}

interface Ends {
  readonly values: Pick<ValuesOfEnvironment, 'translate'>;
  readonly claim: (id: ComponentId) => Claim | undefined;
  readonly layoutOf: (id: ComponentId) => LayoutName;
}

/** The edits of each object that differs, without the differences that are expected. */
export function promotionOf({ compared }: Pick<ComparedEnvironments, 'compared'>, ends: Ends): Promotion {
  const wanted: WantedEdit[] = [];
  const refused: RefusedEdit[] = [];
  const kept: KeptDifference[] = [];
  for (const one of compared) {
    const open = one.differences.filter(({ expected }) => expected === undefined);
    const made = new Map<string, WantedEdit>();
    for (const difference of open) {
      const edit = editFor(one, difference, ends);
      if ('why' in edit) kept.push(edit);
      else if ('edit' in edit) made.set(`${edit.of} ${edit.edit.path}`, edit);
      else refused.push(edit);
    }
    wanted.push(...made.values());
    for (const why of one.unknown) refused.push(left(one, '', `not known whether it is the same: ${why}`));
  }
  return { wanted, refused, kept };
}

function left(one: ComparedObject, pointer: string, reason: string, ways: readonly string[] = []): RefusedEdit {
  const deployment = one.deployments?.[1] ?? '';
  return {
    component: one.to,
    ...(deployment === '' ? {} : { deployment }),
    pointer,
    reason,
    readers: [],
    ways:
      ways.length > 0 ? ways : ['edit it by hand', 'say in karma.yaml that it is expected: `environments: expected:`'],
  };
}

function editFor(
  one: ComparedObject,
  difference: ObjectDifference,
  ends: Ends,
): WantedEdit | RefusedEdit | KeptDifference {
  const { kind, key } = difference;
  if (kind === 'config') return editOfInput(one, key, ends);
  if (kind === 'module') return editOfSource(one, difference);
  if (kind === 'code') return editOfCode(one, difference);
  return left(one, key, 'it follows from what it is given and from its code: no literal says it');
}

const inputs: Readonly<Record<LayoutName, readonly string[]>> = {
  adage: [],
  terragrunt: ['inputs'],
  terraform: ['variables'],
};

function editOfInput(
  one: ComparedObject,
  key: string,
  { values, claim, layoutOf }: Ends,
): WantedEdit | RefusedEdit | KeptDifference {
  const above = inputs[layoutOf(one.to)];
  const steps = stepsOf(key);
  if (!above.every((step, at) => steps[at] === step) || steps.length === above.length)
    return left(one, key, 'it is no input');
  const [a, b] = one.deployments ?? ['', ''];
  const given = (id: ComponentId, deployment: string) =>
    valueAt(claim(id)?.evaluated, pointerOf([...(deployment === '' ? [] : [deployment]), ...above]));
  const path = steps.slice(above.length);
  // Of lists that differ in length or in an item the whole list is said: items are no keys.
  const cut = listOn(given(one.from, a), path);
  const value = valueOn(given(one.from, a), cut);
  const there = valueOn(given(one.to, b), cut);
  const shared = { component: one.to, deployment: b, of: 'input' as const };
  if (value === undefined) return { ...shared, edit: { path: pointerOf(cut), unset: true } };
  if (!isJudged(value)) return left(one, key, 'what it is there is a secret, or only a run knows it');
  if (there !== undefined && !isJudged(there))
    return left(one, key, 'what it is here is a secret, or only a run knows it');
  const said = translated(value as Json, keyOf(pointerOf(cut)), values);
  if ('unknown' in said) return left(one, key, said.unknown);
  if (there !== undefined && canonicalJson(said.value) === canonicalJson(there)) {
    const why = [...new Set(said.why)].join(', ');
    return { component: one.to, ...(b === '' ? {} : { deployment: b }), pointer: key, why };
  }
  return { ...shared, edit: { path: pointerOf(cut), set: said.value } };
}

/** The steps up to the first list on the way. */
function listOn(value: unknown, steps: readonly string[]): readonly string[] {
  const at = steps.findIndex((_step, index) => Array.isArray(valueOn(value, steps.slice(0, index))));
  return at < 0 ? steps : steps.slice(0, at);
}

function valueOn(value: unknown, steps: readonly string[]): unknown {
  return steps.length === 0 ? value : valueAt(value, pointerOf(steps));
}

type Said = { readonly value: Json; readonly why: readonly string[] } | { readonly unknown: string };

/** A value of one environment as the other says it. */
function translated(value: Json, key: string, values: Ends['values']): Said {
  if (typeof value === 'string') {
    const found = values.translate(key, value);
    return 'unknown' in found ? found : { value: found.text, why: found.why };
  }
  if (value === null || typeof value !== 'object') return { value, why: [] };
  const isList = Array.isArray(value);
  const why: string[] = [];
  const members: [string, Json][] = [];
  for (const [name, member] of Object.entries(value)) {
    const found = translated(member as Json, isList ? key : name, values);
    if ('unknown' in found) return found;
    members.push([name, found.value]);
    why.push(...found.why);
  }
  return { value: isList ? members.map(([, member]) => member) : Object.fromEntries(members), why };
}

const version = /([?&](?:ref|version)=)([^&"]+)/;

/** The version in a source, where the rest of it is the same. */
function versionToTake(from: unknown, to: unknown): string | undefined {
  const [a, b] = [String(from), String(to)];
  const [wanted, is] = [version.exec(a)?.[2], version.exec(b)?.[2]];
  if (wanted === undefined || is === undefined) return undefined;
  return a.replace(version, '$1') === b.replace(version, '$1') ? wanted : undefined;
}

function editOfSource(one: ComparedObject, { key, from, to }: ObjectDifference): WantedEdit | RefusedEdit {
  const ref = versionToTake(from, to);
  if (ref === undefined) return left(one, key, 'it runs another module, not another version of one');
  return { component: one.to, deployment: '', of: 'source', edit: { path: '/source', ref } };
}

/** Module calls of a root: their versions, in the source or beside it. */
function editOfCode(one: ComparedObject, { key, from, to }: ObjectDifference): WantedEdit | RefusedEdit {
  const call = /^\/module\.([^/]+)\/(source|version)$/.exec(key);
  const [, name, what] = call ?? [];
  const shared = { component: one.to, deployment: '', of: 'code' as const };
  const path = pointerOf(['module', name ?? '', what ?? '']);
  const ref = what === 'source' ? versionToTake(from, to) : undefined;
  if (ref !== undefined) return { ...shared, edit: { path, ref } };
  const literal = what === 'version' ? /=\s*"([^"$%]+)"/.exec(String(from))?.[1] : undefined;
  if (literal !== undefined && to !== undefined) return { ...shared, edit: { path, set: literal } };
  return left(one, key, 'its code differs', [
    'bring the code over by hand',
    'make both one module with two files of variables',
  ]);
}
