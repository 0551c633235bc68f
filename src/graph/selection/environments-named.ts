import type { ComponentRow } from '../../model/component.ts';
import { compileGlob } from './glob.ts';

/**
 * Which deployments a selection means: `env=dev` selects a root module that has one called `dev`, and of it no other. All of
 * a component whose path names its environment, and all where the selection names none.
 */
export function deploymentsMeant(
  selection: readonly string[],
): (row: Pick<ComponentRow, 'environment'>, deployments: readonly string[]) => readonly string[] {
  const named = selection.flatMap((text) =>
    [...text.matchAll(/(?<![!\w])(?:env|environment)=([^\s|]+?)(?:\.\.\.|[\s|]|$)/g)].map(([, value = '']) =>
      compileGlob(value),
    ),
  );
  return ({ environment }, deployments) =>
    named.length === 0 || environment !== '' || deployments.length < 2
      ? deployments
      : deployments.filter((name) => named.some((matches) => matches(name)));
}
