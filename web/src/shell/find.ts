/** Components whose id holds all words, those that begin or end with them first. */
export function findComponents<One extends { readonly id: string }>(
  components: readonly One[],
  text: string,
  most: number,
): readonly One[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const found: { readonly one: One; readonly rank: number }[] = [];
  for (const one of components) {
    const id = one.id.toLowerCase();
    if (!words.every((word) => id.includes(word))) continue;
    const last = id.slice(id.lastIndexOf('/') + 1);
    const [first = ''] = words;
    const rank = id === first ? 0 : last === first ? 1 : last.startsWith(first) ? 2 : id.endsWith(first) ? 3 : 4;
    found.push({ one, rank });
  }
  return found
    .sort((a, b) => a.rank - b.rank || a.one.id.length - b.one.id.length || (a.one.id < b.one.id ? -1 : 1))
    .slice(0, most)
    .map(({ one }) => one);
}

/** Whether a text is meant as an expression of the selection language rather than as a name. */
export function looksLikeSelection(text: string): boolean {
  return /[=*]|\b(and|or|not|dependents|dependencies)\b|\.\.\./.test(text);
}
