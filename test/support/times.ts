/**
 * How often a property of whole histories is tried. Each try starts programs and builds estates, so every run of the tests makes
 * few; with other histories each time. `KARMA_ROUNDS=20` makes twenty times as many.
 */
export function times(few: number): number {
  return few * Number(process.env['KARMA_ROUNDS'] ?? 1);
}
