import type { Need } from '../../model/claim.ts';
import type { Evidence } from '../../model/evidence.ts';
import { type ParameterName, parseParameterName } from './parameter-name.ts';
import { needKey, type Subject } from './subject.ts';

/**
 * Rule 2, path value: a config that names a runtime parameter by its path, `"/iac/vpc/main/runtime"`, or one output of it,
 * `"/iac/vpc/main/runtime:default_sg_id"`. The path is handed to something that reads it later (a function, a container).
 */
export const rule = 'path-value';

/** A path as it stands in a config, with the output behind the colon. */
export interface PathValue {
  readonly parameter: Extract<ParameterName, { kind: 'runtime' | 'external' }>;
  readonly output: string | undefined;
}

/** The runtime that a text names; undefined for everything else, such as a path of a web site. */
export function parsePathValue(text: string, prefix: string): PathValue | undefined {
  if (!text.includes('/runtime') || text.length > 2048 || /\s/.test(text)) return undefined;
  const match = /^(?:arn:[^:]*:ssm:[^:]*:[^:]*:parameter)?(\/[^:]*)(?::(.+))?$/.exec(text);
  const [, path, behind] = match ?? [];
  if (path === undefined) return undefined;
  const parameter = parseParameterName(path, prefix);
  if (parameter.kind !== 'runtime' && parameter.kind !== 'external') return undefined;
  // A number behind the colon is a version of the parameter, as Parameter Store writes it.
  const output = behind === undefined || /^\d+$/.test(behind) ? undefined : behind;
  return { parameter, output: output ?? parameter.output };
}

/**
 * A parameter that is no runtime, such as a token kept as a SecureString: believed only under a key that says so, since any
 * text may begin like a path.
 */
export function parseParameterValue(key: string, text: string, prefix: string): string | undefined {
  if (!/(^|_)(param|parameter|ssm)(_(name|path))?$/i.test(key) || !text.startsWith(`${prefix}/`)) return undefined;
  if (/[\s:]/.test(text)) return undefined;
  const parameter = parseParameterName(text, prefix);
  return parameter.kind === 'other' ? parameter.name : undefined;
}

export function parameterNeed(subject: Subject, name: string, evidence: Omit<Evidence, 'rule'>): Need {
  return {
    key: needKey('param', subject, name),
    rule,
    origin: 'inferred',
    strength: 'proven',
    consumes: ['*'],
    evidence: { ...evidence, rule, parameter: name },
    whenMissing: 'parameter',
  };
}

export function pathNeed(subject: Subject, value: PathValue, evidence: Omit<Evidence, 'rule'>): Need {
  const pointer = value.output === undefined ? '*' : `/${value.output.replaceAll('.', '/').replace(/^\/+/, '')}`;
  return {
    key: needKey('param', subject, value.parameter.name),
    rule,
    origin: 'inferred',
    strength: 'proven',
    consumes: [pointer],
    evidence: { ...evidence, rule, parameter: value.parameter.name },
    whenMissing: 'dangling',
  };
}
