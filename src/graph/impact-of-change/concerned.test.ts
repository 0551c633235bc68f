import { describe, expect, it } from 'vitest';
import { end, type SmallClaim } from '../testing/range.ts';
import { reference } from '../testing/small-estate.ts';
import { deploymentsAt, deploymentsReached } from './concerned.ts';

describe('which of several deployments a change concerns', () => {
  it.each([
    [['/prod/variables/cidr'], ['prod']],
    [
      ['/prod/variables/cidr', '/dev/backend/config/key', 'state'],
      ['dev', 'prod'],
    ],
    [['/prod'], ['prod']],
    [['run/workspaces/dev'], ['dev']],
    [
      ['/prod/variables/cidr', 'module'],
      ['dev', 'prod'],
    ],
    [['providers'], ['dev', 'prod']],
    [['state'], ['dev', 'prod']],
    [[], ['dev', 'prod']],
  ])('%j', (pointers, expected) => {
    expect(deploymentsAt(['dev', 'prod'], pointers)).toEqual(expected);
  });

  it('none of a component that has only one', () => {
    expect(deploymentsAt([], ['/variables/cidr'])).toBeUndefined();
  });
});

describe('which deployments a change comes to', () => {
  /** Each deployment provides its own state and reads one of the component named. */
  const root = (id: string, reads?: string): SmallClaim => {
    const names = ['dev', 'prod'];
    return {
      row: { layout: 'terraform', environment: '', attributes: { deployments: names.join(', ') } },
      more: {
        provides: names.map((name) => ({
          key: `state:${id}/${name}`,
          runtime: `${id}/${name}`,
          evidence: { rule: 'state', site: 'backend' },
        })),
        parts: Object.fromEntries(
          names.map((name) => [
            name,
            {
              provides: [`state:${id}/${name}`],
              runtimes: [`${id}/${name}`],
              needs: reads === undefined ? [] : [`state:${reads}/${name}`],
            },
          ]),
        ),
      },
    };
  };
  const estate = (app: SmallClaim) =>
    end({ net: root('net'), app, web: root('web', 'app') }, [
      reference('app', 'net', ['/id']),
      reference('web', 'app', ['/id']),
    ]);
  const reached = (app: SmallClaim, start: readonly string[] | undefined) =>
    Object.fromEntries(deploymentsReached(estate(app), new Map([['net', start]]), new Set(['app', 'web'])));

  it('those that read what one that changes provides, and so on', () => {
    expect(reached(root('app', 'net'), ['prod'])).toEqual({ net: ['prod'], app: ['prod'], web: ['prod'] });
  });

  it('all, where all of it changes', () => {
    expect(reached(root('app', 'net'), undefined)).toMatchObject({ app: ['dev', 'prod'], web: ['dev', 'prod'] });
  });

  it('all, where no key tells what is read of which', () => {
    expect(reached(root('app', 'elsewhere'), ['prod'])).toMatchObject({ app: ['dev', 'prod'], web: ['dev', 'prod'] });
  });
});
