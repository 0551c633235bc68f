import { EvaluationError } from '../../../hcl/scope.ts';
import type { Value } from '../../../hcl/value.ts';
import { configObject } from './config-object.ts';
import type { Frame } from './frame.ts';
import type { Include } from './includes.ts';

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
  const value = configObject([{ frame: included, strategy: 'shallow' }]);
  objects.set(included, value);
  return value;
}
