import { choice, list, object, text, texts } from './shape-parts.ts';
import type { ValueOf } from './shape-value.ts';

/** How a token may be signed: with the private key of a pair. Neither `none` nor a shared secret is among them. */
export const signings = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA'],
] as const;

const grant = object(
  'A role, for whom.',
  {
    group: text('The group; `*`: everybody for whom the issuer signs.'),
    role: choice('What they may do.', 'viewer', 'proposer', 'approver', 'operator'),
    environments: texts('Where it is more than to look; default: everywhere.'),
  },
  'group',
  'role',
);

/** The file that who starts a service names with `--oidc`. No estate says whom a service trusts. */
export const oidcShape = object(
  'Whose tokens a service takes, and what their groups may do.',
  {
    issuer: text('The issuer, as `iss` names it: `https://login.example.com/realms/main`.'),
    audience: text('What `aud` must name: this service, and no other one of the same issuer.'),
    jwks: text(
      'Where its public keys are; default: where the description at `/.well-known/openid-configuration` says.',
    ),
    algorithms: list(
      'How tokens may be signed; default: RS256, PS256, ES256, EdDSA.',
      choice('An algorithm.', ...signings),
    ),
    groups: text('The claim that names groups, or a JSON pointer to it (`/realm_access/roles`); default `groups`.'),
    actor: text('The claim that is the name of who asks, in events; default `sub`.'),
    roles: list('What groups may do. Whoever is in none of them is not let in.', grant),
  },
  'issuer',
  'audience',
  'roles',
);

export type OidcSettings = ValueOf<typeof oidcShape>;
