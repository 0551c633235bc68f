import type { Frame } from './frame.ts';
import type { MergeStrategy } from './includes.ts';

/** One file of a configuration as merged. */
export interface Layer {
  readonly frame: Frame;
  /** How the layers before it are laid over it. */
  readonly strategy: Exclude<MergeStrategy, 'no_merge'>;
}

/**
 * A configuration's files, the one that wins first: what a stack injects, the file itself, its includes from the last to the
 * first. Includes with `no_merge` lend their values and nothing else.
 */
export function layersOf(frame: Frame): Layer[] {
  const injected = frame.session.estate.generated.injectedInto(frame);
  const layers: Layer[] = injected === undefined ? [] : [{ frame: injected, strategy: 'shallow' }];
  layers.push({ frame, strategy: 'shallow' });
  for (const include of frame.includes.toReversed()) {
    const included = include.strategy === 'no_merge' ? undefined : frame.included(include);
    if (included !== undefined && include.strategy !== 'no_merge')
      layers.push({ frame: included, strategy: include.strategy });
  }
  return layers;
}
