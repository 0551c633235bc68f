import { describe, expect, it } from 'vitest';
import { newestFitting, versionTest } from './version-constraint.ts';

const versions = ['0.9.0', '1.2.3', '1.10.0', '1.10.1-rc.1', '2.0.0', '2.1.0-beta', '3.0.0'];

describe('version constraints', () => {
  it.each([
    ['', '3.0.0'],
    ['1.2.3', '1.2.3'],
    ['= v1.2.3', '1.2.3'],
    ['~> 1.2', '1.10.0'],
    ['~> 1.2.0', '1.2.3'],
    ['~> 2', '2.0.0'],
    ['>= 1.0, < 2.0.0', '1.10.0'],
    ['!= 3.0.0', '2.0.0'],
    ['<= 1.10', '1.10.0'],
    ['2.1.0-beta', '2.1.0-beta'],
    ['> 3.0.0', undefined],
    ['newest', undefined],
  ])('`%s` takes %s', (constraint, taken) => {
    expect(newestFitting(versions, constraint)).toBe(taken);
  });

  it('orders by number, and prereleases as Semantic Versioning does', () => {
    expect(newestFitting(['1.9.0', '1.10.0', '1.2.0'], '')).toBe('1.10.0');
    expect(newestFitting(['1.0.0-alpha.2', '1.0.0-alpha.10', '1.0.0-alpha'], '>= 0.1')).toBeUndefined();
    expect(versionTest('1.0.0-alpha.10')?.('1.0.0-alpha.10')).toBe(true);
    expect(versionTest('>= 1.0')?.('1.0.1-rc.1')).toBe(false);
  });
});
