import { largestValue } from '../../../hcl/limits.ts';
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
  /** Or why there is none. */
  readonly value: Value | EvaluationError;
  readonly session: Session;
}

/** What `read_terragrunt_config` does in a frame. */
export type ConfigReader = (frame: Frame, written: string, fallback: Value | undefined, at: At) => Value;

/** Deeper than this, configurations read each other in a circle. */
const deepest = 40;

/**
 * `read_terragrunt_config(path, default)`. A target's value does not depend on who reads it, unless it asks for the folder of
 * the original unit: so it is evaluated once for the estate. A configuration that reads itself, directly or through others, is
 * one that Terragrunt never finishes with: it fails the first time it comes round, so that the work grows with the number of
 * configurations and not with the number of ways through them.
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
  // What asks for the original unit's folder, or what is read in a circle, is evaluated once for each unit.
  const here = `${frame.at.original}\n${target}`;
  const known = estate.configs.get(target) ?? session.configs.get(here);
  if (known !== undefined) return told(session, known);
  if (session.depth >= deepest || session.isReading(target)) {
    session.inCircle = true;
    throw new EvaluationError(`${path} is read in a circle`, at);
  }
  const own = new Session(estate, { target, from: session });
  const read = evaluated(own, target, frame.at.original, at);
  if (own.originalAsked || own.inCircle) session.configs.set(here, read);
  else estate.configs.set(target, read);
  return told(session, read);
}

/** One that fails is kept too: what it read until then decided that, and it fails again for whoever asks next. */
function evaluated(own: Session, target: string, original: string, at: At): ReadConfig {
  let value: Value | EvaluationError;
  try {
    value = evaluateConfig(own, target, original);
    if (materialize(value) > largestValue)
      value = new EvaluationError(`${nameOf(target)} is too large to be meant`, at);
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error;
    value = error;
  }
  own.settle();
  return { value, session: own };
}

function told(session: Session, read: ReadConfig): Value {
  session.adopt(read.session);
  if (read.value instanceof EvaluationError) throw read.value;
  return read.value;
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
 * Computes every member now, so that what was read does not depend on who asks first. A member that fails stays one that fails
 * when it is used. Answers the number of parts, a shared part counted each time it is met; each is gone through once.
 */
function materialize(value: Value, sizes = new Map<Value, number>()): number {
  if (isUnknown(value) || !(isList(value) || isObject(value))) return 1;
  const known = sizes.get(value);
  if (known !== undefined) return known;
  let size = 1;
  if (isList(value)) for (const item of value) size += materialize(item, sizes);
  else
    for (const key of Object.keys(value)) {
      try {
        size += materialize(value[key] ?? null, sizes);
      } catch (error) {
        if (!(error instanceof EvaluationError)) throw error;
        Object.defineProperty(value, key, { enumerable: true, configurable: true, get: () => fail(error) });
      }
    }
  sizes.set(value, size);
  return size;
}

function fail(error: EvaluationError): never {
  throw error;
}
