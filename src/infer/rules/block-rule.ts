import type { Need, Provide } from '../../model/claim.ts';
import type { RuleName } from '../../model/rules.ts';
import type { Read } from '../terraform/consumption.ts';
import type { DataQuery } from '../terraform/instance.ts';
import type { Resource } from '../terraform/module.ts';

/** Whoever a rule speaks for. */
export interface RuleSubject {
  readonly id: string;
  /** The environment in which names hold; `''` where they hold anywhere. */
  readonly environment: string;
  /** What others read of it, see `Provide`. */
  readonly runtime: string;
}

/** The keys that a name is found under: in the environment first, else anywhere in the estate. */
export function namedKeys(
  kind: string,
  environment: string,
  name: string,
): readonly [key: string, ...orElse: readonly string[]] {
  const anywhere = `${kind}::${name}`;
  return environment === '' ? [anywhere] : [`${kind}:${environment}:${name}`, anywhere];
}

/** One block of its module, evaluated with what this component gives it. */
export interface RuleBlock {
  readonly subject: RuleSubject;
  readonly query: DataQuery;
  /** Of a block that is asked for needs: what the rest of the module reads of it. */
  readonly reads: readonly Read[];
}

/**
 * A rule about blocks of one kind: what a component needs where its module has one, or what it gives others. It is in force in every
 * layout, because Terraform reads alike whoever runs it. Both sides meet under one key, and nothing else joins them.
 *
 * A value that only a run could know is `Unknown`: then there is no key, and what may be hidden is a blind spot.
 */
export interface BlockRule {
  readonly name: RuleName;
  /** Told from mode and type alone: it is asked of every block of every module. */
  readonly takes: (block: Pick<Resource, 'mode' | 'type'>) => boolean;
  readonly needs?: (block: RuleBlock) => readonly Need[];
  readonly provides?: (block: RuleBlock) => readonly Provide[];
}
