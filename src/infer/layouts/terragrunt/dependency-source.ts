import { dependenciesOf } from './dependency-blocks.ts';
import type { Frame } from './frame.ts';
import type { Layer } from './layers.ts';
import { folderOf } from './paths.ts';

/**
 * What the outputs of a dependency are known by while a unit is evaluated: its label, and for a dependency that is not the
 * unit's own the configuration that declares it.
 */
export function dependencySource(frame: Frame, label: string): string {
  const declaredIn = anothersFile(frame);
  return declaredIn === undefined ? `dependency.${label}` : `dependency.${label}@${declaredIn}`;
}

/** Behind the label: the configuration whose dependencies a source is one of; undefined for the unit's own. */
export function anothersSource(source: string): { readonly label: string; readonly file: string } | undefined {
  const at = source.startsWith('dependency.') ? source.indexOf('@') : -1;
  return at < 0 ? undefined : { label: source.slice('dependency.'.length, at), file: source.slice(at + 1) };
}

/** A file that is read by `read_terragrunt_config`, or one that is included and not merged. */
function anothersFile({ at, session }: Frame): string | undefined {
  const { paths } = session.estate;
  if (at.config !== at.original) return paths.inView(at.config);
  return at.through?.strategy === 'no_merge' ? paths.inView(at.file) : undefined;
}

/** Remembers what the dependencies of such a configuration lead to, for whoever uses its values. */
export function noteDependencies(frame: Frame, layers: readonly Layer[]): void {
  const file = anothersFile(frame);
  const declares = layers.some(({ frame: { source } }) => source.body.blocks.some(({ type }) => type === 'dependency'));
  if (file === undefined || !declares) return;
  frame.session.read.set(file, { dependencies: dependenciesOf(layers), folder: folderOf(frame.at.config) });
}
