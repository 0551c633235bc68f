import type { ComponentRow } from '../model/component.ts';
import { type Pointer, pointerOf } from '../model/pointer.ts';

/** The deployments of a component that has several, by name, as its row lists them; nothing of one that has only one. */
export function severalDeployments({ attributes }: Pick<ComponentRow, 'attributes'>): readonly string[] {
  const names = attributes.deployments?.split(', ') ?? [];
  return names.length > 1 ? names : [];
}

/**
 * The environments that a component is in: the one that its path names, else those that its deployments are called after.
 */
export function environmentsOf(row: Pick<ComponentRow, 'environment' | 'attributes'>): readonly string[] {
  if (row.environment !== '') return [row.environment];
  return row.attributes.deployments?.split(', ').filter((name) => name !== '') ?? [];
}

/** ` in dev, prod`, of a component that has several deployments, of which these are told of. */
export function inDeployments(deployments: readonly string[] | undefined): string {
  return deployments === undefined ? '' : ` in ${deployments.join(', ')}`;
}

/** A key as it is said of one deployment that is named: `/prod/variables/cidr` of `prod` is `/variables/cidr`. */
export function keyWithin(pointer: Pointer, deployments: readonly string[] | undefined): Pointer {
  const [only, ...others] = deployments ?? [];
  const place = only === undefined || others.length > 0 ? undefined : `${pointerOf([only])}/`;
  return place !== undefined && pointer.startsWith(place) ? pointer.slice(place.length - 1) : pointer;
}
