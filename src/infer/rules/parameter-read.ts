import type { Value } from '../../hcl/value.ts';
import type { Need } from '../../model/claim.ts';
import type { Evidence } from '../../model/evidence.ts';
import type { Pointer } from '../../model/pointer.ts';
import { rule as ownNickname } from './own-nickname.ts';
import { type ParameterName, parseParameterName } from './parameter-name.ts';
import { needKey, type Subject } from './subject.ts';

/**
 * Rule 1, parameter read: a module's `data "aws_ssm_parameter"` whose name evaluates, with this component's config, to a
 * provider's parameter. What the name says is believed only so far as convention goes: a runtime must be somebody's, a config
 * too; any other parameter is a node of its own.
 */
export const rule = 'parameter-read';

export interface ParameterRead {
  /** The evaluated name. */
  readonly name: Value;
  /** Whether the component's own nickname took part in the name. */
  readonly ownNickname: boolean;
  /** Pointers into the value that the module reads. */
  readonly consumes: readonly Pointer[];
  readonly tolerated: readonly Pointer[];
  readonly evidence: Omit<Evidence, 'rule'>;
}

export type ReadOutcome =
  | { readonly kind: 'need'; readonly need: Need; readonly parameter: ParameterName }
  /** Only a run could know the name. */
  | { readonly kind: 'unknown' }
  /** Nothing that could be a reference: the own config, or what AWS gives. */
  | { readonly kind: 'nothing' };

export function readParameter(subject: Subject, read: ParameterRead): ReadOutcome {
  if (typeof read.name !== 'string') return read.name === null ? { kind: 'nothing' } : { kind: 'unknown' };
  const parameter = parseParameterName(read.name, subject.prefix);
  if (parameter.kind === 'given' || isOwn(subject, parameter)) return { kind: 'nothing' };
  const isRuntime = parameter.kind === 'runtime' || parameter.kind === 'external';
  const own = read.ownNickname && isRuntime && parameter.nickname === subject.nickname;
  const found = own ? ownNickname : rule;
  // One parameter an output: the runtime is the subtree, and the output's name is where the value stands in it.
  const output = isRuntime ? parameter.output : undefined;
  const below = (pointer: Pointer): Pointer =>
    output === undefined ? pointer : `/${output}${pointer === '*' ? '' : pointer}`;
  return {
    kind: 'need',
    parameter,
    need: {
      key: needKey('param', subject, parameter.name),
      rule: found,
      origin: 'inferred',
      strength: 'proven',
      consumes: output === undefined ? read.consumes : read.consumes.map(below),
      ...(read.tolerated.length === 0 ? {} : { tolerated: read.tolerated.map(below) }),
      evidence: { ...read.evidence, rule: found, parameter: parameter.name },
      whenMissing: parameter.kind === 'other' ? 'parameter' : 'dangling',
    },
  };
}

function isOwn(subject: Subject, parameter: ParameterName): boolean {
  return parameter.kind === 'config' && parameter.type === subject.type && parameter.nickname === subject.nickname;
}
