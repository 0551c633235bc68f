import type { ComponentRow } from '../model/component.ts';

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
