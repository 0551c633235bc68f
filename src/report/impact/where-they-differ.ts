/** What of a long text is shown before its first difference, and how long a text is left whole. */
const before = 12;
const whole = 60;

/**
 * Two long texts cut to where they differ, so that a line in a generated file is seen and not the first sixty characters that
 * both have. Anything else stays as it is.
 */
export function whereTheyDiffer(was: unknown, is: unknown): readonly [was: unknown, is: unknown] {
  if (typeof was !== 'string' || typeof is !== 'string' || Math.max(was.length, is.length) <= whole) return [was, is];
  let start = 0;
  while (start < was.length && was[start] === is[start]) start++;
  let end = 0;
  const most = Math.min(was.length, is.length) - start;
  while (end < most && was[was.length - 1 - end] === is[is.length - 1 - end]) end++;
  const from = Math.max(0, start - before);
  const cut = (text: string): string => {
    const to = Math.min(text.length, text.length - end + before);
    return `${from > 0 ? '…' : ''}${text.slice(from, to)}${to < text.length ? '…' : ''}`;
  };
  return [cut(was), cut(is)];
}
