import { EvaluationError } from '../../../hcl/scope.ts';
import type { Value } from '../../../hcl/value.ts';
import { configObject } from './config-object.ts';
import { noteDependencies } from './dependency-source.ts';
import type { Frame } from './frame.ts';
import type { Include } from './includes.ts';

/** What is read by `read_terragrunt_config` counts with its includes under its own name. */
function isRead(frame: Frame): boolean {
  return frame.at.config !== frame.at.original;
}

const objects = new WeakMap<Frame, Value>();

/** What `include.<label>` is: the included configuration, evaluated for the unit that includes it. */
export function exposedInclude(frame: Frame, include: Include): Value {
  const included = frame.included(include);
  if (included === undefined)
    throw new EvaluationError(
      `the include ${include.name === '' ? '' : `${include.name} `}is not there`,
      include.block.at,
    );
  const known = objects.get(included);
  if (known !== undefined) return known;
  // What is not merged has its dependencies to itself.
  if (include.strategy === 'no_merge' && !isRead(frame))
    noteDependencies(included, [{ frame: included, strategy: 'shallow' }]);
  const value = configObject([{ frame: included, strategy: 'shallow' }]);
  objects.set(included, value);
  return value;
}
