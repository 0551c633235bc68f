/** Beyond so many pairs of lines nobody compares them. */
const mostPairs = 4_000_000;

/**
 * Which line of an older text each line of a newer one is, from 1: those that both begin and end with, and between them a longest
 * common subsequence. `null`: it is new. Undefined: too much lies between to tell. O(lines), and the product of what lies between.
 */
export function unchangedLines(before: string, after: string): readonly (number | null | undefined)[] {
  const [old, now] = [linesOf(before), linesOf(after)];
  let head = 0;
  while (head < old.length && head < now.length && old[head] === now[head]) head += 1;
  let tail = 0;
  while (
    tail < old.length - head &&
    tail < now.length - head &&
    old[old.length - 1 - tail] === now[now.length - 1 - tail]
  )
    tail += 1;
  const [inOld, inNow] = [old.slice(head, old.length - tail), now.slice(head, now.length - tail)];
  const middle = between(inOld, inNow);
  return now.map((_line, at) => {
    if (at < head) return at + 1;
    if (at >= now.length - tail) return old.length - (now.length - at) + 1;
    if (middle === undefined) return undefined;
    const found = middle[at - head];
    return found === undefined ? null : found + head + 1;
  });
}

/** Each newer line's place among the older ones; holes where there is none. */
function between(old: readonly string[], now: readonly string[]): readonly (number | undefined)[] | undefined {
  if (old.length * now.length > mostPairs) return undefined;
  const width = now.length + 1;
  const longest = new Uint32Array((old.length + 1) * width);
  for (let i = old.length - 1; i >= 0; i--)
    for (let j = now.length - 1; j >= 0; j--)
      longest[i * width + j] =
        old[i] === now[j]
          ? (longest[(i + 1) * width + j + 1] ?? 0) + 1
          : Math.max(longest[(i + 1) * width + j] ?? 0, longest[i * width + j + 1] ?? 0);
  const found: (number | undefined)[] = new Array(now.length).fill(undefined);
  for (let i = 0, j = 0; i < old.length && j < now.length; )
    if (old[i] === now[j]) found[j++] = i++;
    else if ((longest[(i + 1) * width + j] ?? 0) >= (longest[i * width + j + 1] ?? 0)) i += 1;
    else j += 1;
  return found;
}

/** Indentation says nothing, as for git's own account of lines. */
function linesOf(text: string): string[] {
  return text
    .replace(/\n$/, '')
    .split('\n')
    .map((line) => line.replace(/\s+/g, ''));
}
