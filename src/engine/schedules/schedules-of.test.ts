import { expect, it } from 'vitest';
import type { ScheduleSetting } from '../../config/karma-file.ts';
import { trustsAll } from '../../observe/estate/trust.ts';
import { asTrusted } from './schedules-of.ts';

const nobody = { has: () => false };
const schedule = (does: ScheduleSetting['does'], every: string): ScheduleSetting => ({ name: 'x', does, every });

it.each<[string, ScheduleSetting, string | undefined]>([
  ['what reads once a minute', schedule('check', '60s'), '60s'],
  ['what reads each second, and so once a minute', schedule('check', '1s'), '1m'],
  ['what builds each second, and so once a minute', schedule('build', '59s'), '1m'],
  ['nothing that runs programs', schedule('drift', '1d'), undefined],
])('without trust a service does %s', (_, asked, every) => {
  const { refused, every: done } = asTrusted(asked, nobody);
  expect(refused === undefined ? done : undefined).toBe(every);
});

it('what a person trusts is done as often as they trusted', () => {
  expect(asTrusted(schedule('check', '1s'), trustsAll)).toEqual(schedule('check', '1s'));
});
