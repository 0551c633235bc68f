import type { WrittenFile } from '../../infer/layouts/terragrunt/written-over.ts';
import type { Claim } from '../../model/claim.ts';
import type { ComponentRow } from '../../model/component.ts';
import { hasSteps, laidOver, type PublishingClaim } from './published.ts';

/**
 * The part of a claim that says what its component hands on of what it reads of others. Whatever rests on a hub is asked for it, and to
 * make so many claims anew is most of what a question about a hub costs; so this part of them is kept. It holds no value.
 */
export interface Handing extends PublishingClaim {
  /** A program around the run may write anything. */
  readonly hasSteps: boolean;
  /** Files that are written over the module; undefined where they are not known. */
  readonly laid?: readonly WrittenFile[];
  /** Inputs of a unit that only a run could tell; undefined where something else of it rests on a run too. */
  readonly inputs?: readonly string[];
  /** Of a plain module of Adage: variables that get a whole runtime → the runtime. */
  readonly handed?: Readonly<Record<string, string>>;
}

export function handingOf(claim: Claim, row: ComponentRow): Handing {
  const { component, provides, run } = claim;
  const laid = laidOver([claim], row);
  const inputs = inputsOf(claim, row);
  const { layout, outputs } = component;
  return {
    component: { layout, ...(outputs === undefined ? {} : { outputs }) },
    provides: provides.map(({ key, runtime, alsoWritten, evidence }) => ({
      ...{ key, runtime, evidence: { site: evidence.site } },
      ...(alsoWritten === undefined ? {} : { alsoWritten }),
    })),
    ...(run === undefined ? {} : { run: { selfPublishing: run.selfPublishing, alsoWritten: run.alsoWritten } }),
    hasSteps: hasSteps(claim),
    ...(laid === undefined ? {} : { laid }),
    ...(inputs === undefined ? {} : { inputs }),
    ...(run?.selfPublishing === false ? { handed: run.handed } : {}),
  };
}

function inputsOf({ evaluated }: Claim, { layout }: ComponentRow): readonly string[] | undefined {
  if (layout !== 'terragrunt' || evaluated === undefined) return undefined;
  const { inputs, dependency: _mocks, ...rest } = evaluated;
  if (inputs === null || typeof inputs !== 'object' || isUnsure(rest) || Object.hasOwn(inputs, '$unknown'))
    return undefined;
  return Object.entries(inputs).flatMap(([name, value]) => (isUnsure(value) ? [`var.${name}`] : []));
}

function isUnsure(value: unknown): boolean {
  return (JSON.stringify(value) ?? '').includes('"$unknown"');
}
