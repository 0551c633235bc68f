/**
 * Version constraints as Terraform writes them: `~> 3.1`, `>= 1.0, < 2.0.0`, `3.2.1`. A prerelease fits only where it is named
 * outright. https://developer.hashicorp.com/terraform/language/expressions/version-constraints
 */
export type VersionTest = (version: string) => boolean;

interface Version {
  readonly numbers: readonly number[];
  readonly prerelease: string;
}

export function versionTest(constraint: string): VersionTest | undefined {
  const tests: VersionTest[] = [];
  for (const part of constraint.split(',')) {
    if (part.trim() === '') continue;
    const [, operator = '', text = ''] = /^\s*(=|!=|>=?|<=?|~>)?\s*v?(\S+)\s*$/.exec(part) ?? [];
    const wanted = parseVersion(text);
    if (wanted === undefined) return undefined;
    tests.push(testOf(operator, wanted, text.split(/[-+]/)[0]?.split('.').length ?? 3));
  }
  return (version) => tests.every((test) => test(version));
}

function testOf(operator: string, wanted: Version, parts: number): VersionTest {
  return (text) => {
    const version = parseVersion(text);
    if (version === undefined) return false;
    const order = compare(version, wanted);
    if (operator === '' || operator === '=') return order === 0;
    if (operator === '!=') return order !== 0;
    if (version.prerelease !== '') return false;
    if (operator === '>') return order > 0;
    if (operator === '>=') return order >= 0;
    if (operator === '<') return order < 0;
    if (operator === '<=') return order <= 0;
    // All but the last part that is written stays.
    const fixed = Math.max(parts - 1, 1);
    return order >= 0 && wanted.numbers.slice(0, fixed).every((number, place) => version.numbers[place] === number);
  };
}

/** The newest that fits; of equal ones the first. Prereleases only where nothing else could fit. */
export function newestFitting(versions: readonly string[], constraint: string): string | undefined {
  const test = versionTest(constraint);
  if (test === undefined) return undefined;
  const plain = versions.filter((one) => parseVersion(one)?.prerelease === '' && test(one));
  const fitting = plain.length > 0 || constraint.trim() === '' ? plain : versions.filter(test);
  return fitting.reduce<string | undefined>((best, one) => {
    const [a, b] = [parseVersion(one), best === undefined ? undefined : parseVersion(best)];
    return a !== undefined && (b === undefined || compare(a, b) > 0) ? one : best;
  }, undefined);
}

function parseVersion(text: string): Version | undefined {
  const [, numbers, prerelease = ''] = /^v?(\d+(?:\.\d+){0,2})(?:-([\w.-]+))?(?:\+[\w.-]+)?$/.exec(text) ?? [];
  if (numbers === undefined) return undefined;
  const written = numbers.split('.').map(Number);
  return { numbers: [0, 1, 2].map((place) => written[place] ?? 0), prerelease };
}

function compare(a: Version, b: Version): number {
  for (const place of [0, 1, 2]) {
    const by = (a.numbers[place] ?? 0) - (b.numbers[place] ?? 0);
    if (by !== 0) return by;
  }
  if (a.prerelease === b.prerelease) return 0;
  if (a.prerelease === '' || b.prerelease === '') return a.prerelease === '' ? 1 : -1;
  return comparePrereleases(a.prerelease.split('.'), b.prerelease.split('.'));
}

/** Semantic Versioning 2.0, §11.4. */
function comparePrereleases(a: readonly string[], b: readonly string[]): number {
  for (let place = 0; place < Math.max(a.length, b.length); place++) {
    const [one, other] = [a[place], b[place]];
    if (one === undefined || other === undefined) return one === undefined ? -1 : 1;
    if (one === other) continue;
    const [isNumber, isOther] = [/^\d+$/.test(one), /^\d+$/.test(other)];
    if (isNumber && isOther) return Number(one) - Number(other);
    if (isNumber !== isOther) return isNumber ? -1 : 1;
    return one < other ? -1 : 1;
  }
  return 0;
}
