import type { CheckMeans, DeclaredCheck } from '../model/check.ts';
import { digestOf } from '../model/digest.ts';
import { readExpression } from './expression.ts';
import { isJsonObject, type JsonObject } from './merge-patch.ts';
import { schemaChecker } from './schema-check.ts';

/** What a condition of a check may speak of. */
export const checkNames = ['outputs', 'config', 'upstream'] as const;

/**
 * Reads `checks` of a `component.yaml`. One that cannot be used stays in the list as broken: it must not pass for one that is
 * not there.
 *
 * @param at where each stands, by its place in the list
 */
export function readChecks(
  value: unknown,
  file: string,
  at: (index: number) => number,
  schemaOf: (written: unknown) => JsonObject | undefined,
): readonly DeclaredCheck[] {
  const list = Array.isArray(value) ? value : [];
  return list.map((item, index) => {
    const written: JsonObject = isJsonObject(item) ? item : { cel: item };
    const means = meansOf(written, schemaOf);
    const { message } = written;
    return {
      name: typeof written.name === 'string' && written.name !== '' ? written.name : nameOf(written, means, index),
      is: digestOf([written.outputs ?? null, written.cel ?? null, written.run ?? null]),
      ...(typeof message === 'string' ? { message } : {}),
      file,
      line: at(index),
      ...means,
    };
  });
}

function nameOf({ cel, run }: JsonObject, { kind }: CheckMeans, index: number): string {
  if (typeof cel === 'string' && kind !== 'broken') return cel;
  const [program] = Array.isArray(run) ? run : [run];
  return typeof program === 'string' ? program : kind === 'outputs' ? 'outputs' : `${index + 1}`;
}

function meansOf(written: JsonObject, schemaOf: (written: unknown) => JsonObject | undefined): CheckMeans {
  const broken = (why: string): CheckMeans => ({ kind: 'broken', why });
  const said = ['outputs', 'cel', 'run'].filter((key) => written[key] !== undefined);
  if (said.length !== 1) return broken('it says one of outputs, cel and run');
  if (written.cel !== undefined) {
    if (typeof written.cel !== 'string') return broken('cel is a text');
    const why = readExpression(written.cel, checkNames).broken;
    return why === undefined ? { kind: 'cel', text: written.cel } : broken(why);
  }
  if (written.run !== undefined) {
    const run = typeof written.run === 'string' ? [written.run] : written.run;
    const isCommand = Array.isArray(run) && run.length > 0 && run.every((word) => typeof word === 'string');
    return isCommand ? { kind: 'program', run } : broken('run is a program and its arguments, a list of words');
  }
  const schema = schemaOf(written.outputs);
  if (schema === undefined) return broken('outputs is a JSON Schema, or output names to schemas');
  const why = schemaChecker(schema).broken;
  return why === undefined ? { kind: 'outputs', schema } : broken(`its schema cannot be used: ${why}`);
}
