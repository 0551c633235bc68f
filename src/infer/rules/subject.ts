import type { Provide } from '../../model/claim.ts';

/**
 * Who a rule speaks for, and within which accounts its keys hold. An environment over several accounts has several Parameter
 * Stores: a component of which it is known where it lives reads there only, which `environment@binding` in a key says.
 */
export interface Subject {
  readonly id: string;
  readonly environment: string;
  readonly type: string;
  readonly nickname: string;
  /** Parameter prefix, with a leading and without a trailing slash. */
  readonly prefix: string;
  /** The bindings it is known to live in; empty when that cannot be told. */
  readonly bindings: readonly string[];
  /** All bindings of its environment. */
  readonly siblings: readonly string[];
}

/** The key under which a subject needs something: `param:prod:/iac/vpc/main/runtime`. */
export function needKey(kind: string, subject: Subject, rest: string): string {
  const [only] = subject.bindings;
  const scoped = subject.siblings.length > 1 && subject.bindings.length === 1;
  return `${kind}:${subject.environment}${scoped ? `@${only}` : ''}:${rest}`;
}

/**
 * A provide under every key it may be asked for by: of the environment, and of each account it is in (all, when that cannot
 * be told). Where several accounts are told apart, two components may well write one name, each in its own.
 */
export function provideUnder(
  kind: string,
  subject: Subject,
  rest: string,
  provide: Omit<Provide, 'key'>,
): readonly Provide[] {
  const whole = `${kind}:${subject.environment}:${rest}`;
  if (subject.siblings.length < 2) return [{ ...provide, key: whole }];
  const { exclusive, ...shared } = provide;
  const placed = subject.bindings.length > 0;
  const bindings = placed ? subject.bindings : subject.siblings;
  return [
    { ...shared, key: whole, ...(exclusive === true && !placed ? { exclusive } : {}) },
    ...bindings.map((binding) => ({
      ...(placed ? provide : shared),
      key: `${kind}:${subject.environment}@${binding}:${rest}`,
    })),
  ];
}

/** The key under which a component stands for its own type and for every type that this one extends. */
export function kindKey(environment: string, type: string, nickname: string): string {
  return `kind:${environment}:${type}/${nickname}`;
}
