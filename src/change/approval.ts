import { byCodeUnit } from '../model/by-code-unit.ts';

/** Who must agree before a change is applied: a rule of `karma.yaml`, or of a policy that asks. */
export interface ApprovalRule {
  /** `approvals[0]`, `policy no-friday`. */
  readonly name: string;
  /** How many people. */
  readonly count: number;
  /** Of which group; absent: anybody. */
  readonly group?: string;
  /** Who is in it, as actors are named. */
  readonly members?: readonly string[];
  /** Whether who proposed it counts, and who gave it another content. */
  readonly proposer: boolean;
  /** Whether who agreed may also apply it. */
  readonly applies: boolean;
  readonly reason?: string;
}

/** Somebody agreed to exactly this: a revision, and what it was found to do. */
export interface Agreement {
  readonly by: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly revision: number;
  /** The content. */
  readonly head: string;
  /** Digest of the simulation that they agreed to. */
  readonly simulation: string;
  /** Digest of its consequence, which does not change with the base. */
  readonly consequence: string;
}

/** A rule that asks of a change, and how far it is met. */
export interface AskedApproval {
  readonly rule: string;
  readonly count: number;
  readonly group?: string;
  readonly proposer: boolean;
  readonly applies: boolean;
  /** What of the change it is about, in words. */
  readonly because: string;
  readonly reason?: string;
  /** Who agreed and counts. */
  readonly by: readonly string[];
  readonly met: boolean;
}

export interface GivenApproval extends Agreement {
  /** False: what they agreed to is not what it is now. */
  readonly holds: boolean;
  /** Why it does not hold. */
  readonly because?: string;
}

/** How a change stands with those who must agree. */
export interface ApprovalStanding {
  readonly asked: readonly AskedApproval[];
  readonly given: readonly GivenApproval[];
  /** Nobody is asked for more. */
  readonly met: boolean;
}

/** The same person through two doors counts once, and is the proposer through either: the network's carry the name behind `api/` or `oidc/`. */
export function personOf(actor: string): string {
  return actor.replace(/^(?:api|oidc)\//, '');
}

/** @param contributors who proposed it, and who gave it another content since */
export function mayAgree(
  rule: Pick<ApprovalRule, 'members' | 'proposer'>,
  by: string,
  contributors: readonly string[],
): boolean {
  if (!rule.proposer && contributors.some((one) => personOf(by) === personOf(one))) return false;
  return rule.members === undefined || rule.members.includes(by);
}

/**
 * @param rules those that ask, each with what it is about
 * @param contributors who proposed it, and who gave it another content since
 */
export function standingOf(
  rules: readonly { readonly rule: ApprovalRule; readonly because: string }[],
  given: readonly GivenApproval[],
  contributors: readonly string[],
): ApprovalStanding {
  const asked = rules.map(({ rule, because }): AskedApproval => {
    const { name, count, group, applies, reason } = rule;
    const people = new Map<string, string>();
    for (const { by, holds } of given) if (holds && mayAgree(rule, by, contributors)) people.set(personOf(by), by);
    const by = [...people.values()].sort(byCodeUnit);
    return {
      ...{ rule: name, count, proposer: rule.proposer, applies, because, by, met: by.length >= count },
      ...(group === undefined ? {} : { group }),
      ...(reason === undefined ? {} : { reason }),
    };
  });
  return { asked, given, met: asked.every(({ met }) => met) };
}

/** Rules under which who agreed may not apply as well, and this one did. */
export function barredFrom({ asked }: ApprovalStanding, actor: string): readonly AskedApproval[] {
  return asked.filter(({ applies, by }) => !applies && by.some((one) => personOf(one) === personOf(actor)));
}

/** `2 of @network`. */
export function inWords({ count, group }: Pick<AskedApproval, 'count' | 'group'>): string {
  return `${count} of ${group === undefined ? 'anybody' : `@${group}`}`;
}
