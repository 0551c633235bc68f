import { describe, expect, it } from 'vitest';
import { NearestIds } from './nearest-ids.ts';

describe('the ids nearest to one that nobody has', () => {
  const ids = ['live/dev/vpc', 'live/prod/vpc', 'live/dev/net/vpc', 'live/dev/database', 'live/dev/db-main'];
  it.each([
    ['live/dev/vcp', ['live/dev/vpc']],
    ['live/prd/vpc', ['live/prod/vpc', 'live/dev/vpc']],
    ['live/dev/databse', ['live/dev/database']],
    ['live/dev/queue', []],
    ['', []],
  ])('%s', (wanted, expected) => {
    expect(new NearestIds(ids).to(wanted)).toEqual(expected);
  });

  it('of thousands with one last step are those that share most of their path', () => {
    const many = Array.from({ length: 5_000 }, (_, n) => `live/e${n % 50}/r${Math.floor(n / 50)}/vpc`);
    expect(new NearestIds(many).to('live/e7/r31/vcp')[0]).toBe('live/e7/r31/vpc');
  });

  it('are looked for once a name', () => {
    const near = new NearestIds(ids);
    near.to('live/dev/vcp');
    near.to('live/dev/vcp');
    expect([near.asked, near.has('live/dev/vcp'), near.has('x')]).toEqual([1, true, false]);
  });
});
