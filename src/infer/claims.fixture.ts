import fc from 'fast-check';
import type { Claim, Need, Provide } from '../model/claim.ts';
import type { ComponentRow } from '../model/component.ts';
import { askedPartKeys, partKeys } from './partly-known.ts';

/** Claims for tests of the join: small ones by hand, and any that a few keys and ids can make. */

export function component(id: string, more: Partial<ComponentRow> = {}): ComponentRow {
  return {
    id,
    kind: 'component',
    layout: 'adage',
    external: false,
    type: 'service',
    nickname: id,
    environment: 'dev',
    path: `iac/${id}`,
    module: '',
    configDigest: '',
    attributes: {},
    sites: {},
    ...more,
  };
}

export const evidence = { rule: 'parameter-read', site: 'data.aws_ssm_parameter.x' };

export function need(key: string, more: Partial<Need> = {}): Need {
  return {
    key,
    rule: 'parameter-read',
    origin: 'inferred',
    strength: 'proven',
    consumes: ['/id'],
    evidence,
    whenMissing: 'dangling',
    ...more,
  };
}

export function provide(key: string, more: Partial<Provide> = {}): Provide {
  return { key, runtime: key, evidence, ...more };
}

export function claim(id: string, provides: Provide[], needs: Need[], more: Partial<Claim> = {}): Claim {
  return {
    component: component(id),
    types: [],
    provides,
    needs,
    blindSpots: [],
    findings: [],
    readSet: { files: {}, folders: {}, environment: {}, parameters: {} },
    ...more,
  };
}

export const keys = ['k:dev:a', 'k:dev:b', 'param:dev:/c', 'component:a'];
export const ids = ['a', 'b', 'c', 'd', 'e'];

const addresses = ['x/net', 'y/net', '${?}/net', 'x/${?}', '${?}', 'x/dns'];

/** Something that only a run could know: on either side a part of an address, and the region that a provider names. */
const arbitraryPart = fc.record({
  name: fc.constantFrom(...addresses),
  region: fc.option(fc.constantFrom('a', 'b', '${var.r}'), { nil: undefined }),
  strength: fc.constantFrom('proven' as const, 'hint' as const),
});

type Part = typeof arbitraryPart extends fc.Arbitrary<infer One> ? One : never;

const placed = ({ region }: Part) => ({ where: { login: '', ...(region === undefined ? {} : { region }) } });

function partProvided(part: Part): Provide {
  const given = [['', part.name]] as const;
  return provide('', { ...partKeys('s', given), ...placed(part), addresses: given, fallback: true });
}

function partNeeded(part: Part): Need {
  const asked = [['', part.name]] as const;
  const partly = { keys: askedPartKeys('s', asked), addresses: asked, what: `which ${part.name} it reads` };
  return need(`s:${part.name}`, { ...placed(part), partly, strength: part.strength, whenMissing: 'quiet' });
}

export const arbitraryClaim = (id: string): fc.Arbitrary<Claim> =>
  fc
    .record({
      provides: fc.uniqueArray(
        fc.record({ key: fc.constantFrom(...keys), fallback: fc.boolean(), exclusive: fc.boolean() }),
        { maxLength: 2, selector: (one) => one.key },
      ),
      needs: fc.uniqueArray(
        fc.record({
          key: fc.constantFrom(...keys),
          consumes: fc.subarray(['/x', '/y', '*']),
          whenMissing: fc.constantFrom('dangling' as const, 'quiet' as const, 'parameter' as const),
        }),
        { maxLength: 3, selector: (one) => one.key },
      ),
      given: fc.array(arbitraryPart, { maxLength: 2 }),
      asked: fc.array(arbitraryPart, { maxLength: 2 }),
      external: fc.option(fc.constantFrom('x1', 'x2', ...ids), { nil: undefined }),
      digest: fc.constantFrom('1', '2'),
      environment: fc.constantFrom('dev', 'prod'),
      outputs: fc.option(fc.constant(['x']), { nil: undefined }),
    })
    .map(({ provides, needs, given, asked, external, digest, environment, outputs }) =>
      claim(
        id,
        [...provides.map((one) => provide(one.key, one)), ...given.map(partProvided)],
        [...needs.map((one) => need(one.key, one)), ...asked.map(partNeeded)],
        {
          component: component(id, {
            configDigest: digest,
            environment,
            ...(outputs === undefined ? {} : { outputs }),
          }),
          ...(external === undefined || external === id
            ? {}
            : {
                externals: [
                  {
                    component: component(external, { external: true }),
                    provides: [provide('k:dev:a')],
                    needs: [need(keys[1] ?? '')],
                  },
                ],
              }),
        },
      ),
    );

export const arbitraryEdits = fc.array(
  fc.array(
    fc.constantFrom(...ids).chain((id) =>
      fc.oneof(
        fc.constant([id, undefined] as const),
        arbitraryClaim(id).map((one) => [id, one] as const),
      ),
    ),
    { maxLength: 3 },
  ),
  { maxLength: 6 },
);
