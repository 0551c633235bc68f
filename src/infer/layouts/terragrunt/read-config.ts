import { EvaluationError } from '../../../hcl/scope.ts';
import type { At } from '../../../hcl/tree.ts';
import { emptyObject, isList, isObject, isUnknown, Unknown, type Value } from '../../../hcl/value.ts';
import { configObject } from './config-object.ts';
import { noteDependencies } from './dependency-source.ts';
import { failingParts } from './failing-parts.ts';
import { Frame } from './frame.ts';
import { layersOf } from './layers.ts';
import { folderOf, join, nameOf, resolve } from './paths.ts';
import { Session } from './session.ts';
import { stackObject } from './stack-object.ts';

/** A configuration that was read by `read_terragrunt_config`, with the session that knows what its evaluation touched. */
export interface ReadConfig {
  readonly value: Value;
  readonly session: Session;
}

/** What `read_terragrunt_config` does in a frame. */
export type ConfigReader = (frame: Frame, written: string, fallback: Value | undefined, at: At) => Value;

/** Deeper than this, configurations read each other in a circle. */
const deepest = 40;

/**
 * `read_terragrunt_config(path, default)`. A target's value does not depend on who reads it, unless it asks for the folder of
 * the original unit: so it is evaluated once for the estate.
 */
export function readConfig(frame: Frame, written: string, fallback: Value | undefined, at: At): Value {
  const { session } = frame;
  const { estate } = session;
  const target = targetOf(frame, written);
  const path = estate.paths.inView(target);
  if (session.view.ignored?.has(path) === true) {
    session.account.file(session.view, path);
    return new Unknown(`a configuration that Git ignores: ${path}`);
  }
  if (!session.view.isFile(path)) {
    if (fallback !== undefined) return fallback;
    throw new EvaluationError(`there is no configuration ${path}`, at);
  }
  const known = estate.configs.get(target);
  if (known !== undefined) {
    session.adopt(known.session);
    return known.value;
  }
  if (session.depth >= deepest) throw new EvaluationError(`${path} is read in a circle`, at);
  const own = new Session(estate, session.depth + 1);
  const value = materialized(evaluateConfig(own, target, frame.at.original));
  own.settle();
  session.adopt(own);
  if (!own.originalAsked) estate.configs.set(target, { value, session: own });
  return value;
}

/** A folder stands for the configuration in it. */
function targetOf(frame: Frame, written: string): string {
  const { view, estate } = frame.session;
  const target = resolve(folderOf(frame.at.config), written);
  const path = estate.paths.inView(target);
  if (!view.isDirectory(path)) return target;
  const json = join(target, 'terragrunt.hcl.json');
  return view.isFile(estate.paths.inView(json)) ? json : join(target, 'terragrunt.hcl');
}

function evaluateConfig(session: Session, target: string, original: string): Value {
  const { estate } = session;
  const name = nameOf(target);
  if (name === 'terragrunt.values.hcl') return estate.generated.valuesFor(session, folderOf(target)) ?? emptyObject();
  if (name === 'terragrunt.stack.hcl' || name === 'terragrunt.autoinclude.stack.hcl')
    return stackObject(session, target);
  const source = estate.files.read(session.view, estate.paths.inView(target));
  if (source === undefined) return emptyObject();
  const frame = new Frame(session, source, { file: target, config: target, original });
  const layers = layersOf(frame);
  if (target !== original) noteDependencies(frame, layers);
  const value = configObject(layers);
  session.failing.push(...failingParts(frame));
  return value;
}

/**
 * The same value with every member computed now, so that what was read does not depend on who asks first. A member that fails
 * stays one that fails when it is used.
 */
function materialized(value: Value): Value {
  if (isUnknown(value)) return value;
  if (isList(value)) {
    for (const item of value) materialized(item);
    return value;
  }
  if (!isObject(value)) return value;
  for (const key of Object.keys(value)) {
    try {
      materialized(value[key] ?? null);
    } catch (error) {
      if (!(error instanceof EvaluationError)) throw error;
      Object.defineProperty(value, key, { enumerable: true, configurable: true, get: () => fail(error) });
    }
  }
  return value;
}

function fail(error: EvaluationError): never {
  throw error;
}
