import { describe, expect, it } from 'vitest';
import { chooseVariables } from './variables.ts';

describe('the variables of a plain module', () => {
  const variable = (name: string, over = {}) => ({ name, required: true, sensitive: false, ...over });

  it('are exactly those it declares, from the first source that has them', () => {
    const chosen = chooseVariables(
      [
        variable('nickname'),
        variable('vpc'),
        variable('size'),
        variable('other', { required: false }),
        variable('needed'),
      ],
      {
        own: { nickname: 'web', region: 'eu' },
        references: { vpc: { vpc_id: 'v' } },
        config: { size: 3, nickname: 'from config', unread: true },
      },
    );
    expect(chosen).toEqual({
      values: { nickname: 'web', size: 3, vpc: { vpc_id: 'v' } },
      sensitive: [],
      missing: ['needed'],
      twice: [{ name: 'nickname', sources: ['own', 'config'] }],
    });
  });
});
