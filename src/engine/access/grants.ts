import type { Person } from '../../model/person.ts';

/** What somebody may do, each with all that stands before it. */
export const roles = ['viewer', 'proposer', 'approver', 'operator'] as const;
export type Role = (typeof roles)[number];

/** A role, and where it is more than to look; no environments: everywhere. To look is the same for all. */
export interface Grant {
  readonly role: Role;
  readonly environments: readonly string[];
}

/** Whether somebody has a role anywhere. */
export function mayBe(grants: readonly Grant[], role: Role): boolean {
  return grants.some((grant) => reaches(grant, role));
}

/**
 * The first of some environments where somebody does not have a role; undefined where they have it in all of them.
 * @param concerned undefined: the whole estate, which no list of environments stands for
 */
export function notIn(
  grants: readonly Grant[],
  role: Role,
  concerned: readonly string[] | undefined,
): { readonly environment?: string } | undefined {
  const fitting = grants.filter((grant) => reaches(grant, role));
  if (fitting.some(({ environments }) => environments.length === 0)) return undefined;
  if (concerned === undefined) return {};
  const other = concerned.find((one) => !fitting.some(({ environments }) => environments.includes(one)));
  return other === undefined ? undefined : { environment: other };
}

/** `operator in dev, viewer` */
export function grantsInWords(grants: readonly Grant[]): string {
  return grants
    .map(({ role, environments }) => (environments.length === 0 ? role : `${role} in ${environments.join(', ')}`))
    .join('; ');
}

function reaches(grant: Grant, role: Role): boolean {
  return roles.indexOf(grant.role) >= roles.indexOf(role);
}

/** Who somebody is by the word of whoever signs for them, and what they may here. */
export interface Identity {
  readonly name: string;
  /** As Git would sign for them, where whoever signs knows more of them. */
  readonly person?: Person;
  readonly grants: readonly Grant[];
}

/** Somebody who signs for people and programs, elsewhere. */
export interface IdentityIssuer {
  /** Its own name, an address. */
  readonly issuer: string;
  /** Whom its tokens must be for: this service. */
  readonly audience: string;
  /** Who a token names, or what is wrong with it in words, without any of it. @throws KARMA_UPSTREAM where the keys are out of reach */
  identityOf(token: string, now: string): Promise<Identity | string>;
}
