/** Order by UTF-16 code unit: the one order of everything shown, hashed or stored. Never `localeCompare`. */
export function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
