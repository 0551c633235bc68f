/** One file of a unified diff, as lines to show. */
export interface DiffFile {
  readonly path: string;
  readonly how: 'new' | 'gone' | 'moved' | 'changed';
  readonly lines: readonly DiffLine[];
}

export interface DiffLine {
  readonly kind: 'hunk' | 'added' | 'removed' | 'same';
  readonly text: string;
}

const heads = ['index ', 'old mode', 'new mode', 'similarity', 'dissimilarity', 'rename ', 'copy ', '--- ', '+++ '];

/** Cuts a unified diff as Git writes it into its files. O(length). */
export function filesOfDiff(diff: string): readonly DiffFile[] {
  return diff
    .split(/^(?=diff --git )/m)
    .filter((part) => part.startsWith('diff --git '))
    .map(fileOf);
}

function fileOf(part: string): DiffFile {
  const all = part.replace(/\n$/, '').split('\n');
  const first = all.findIndex((line) => line.startsWith('@@'));
  const [head, body] = first < 0 ? [all, []] : [all.slice(0, first), all.slice(first)];
  const said = (start: string): string | undefined => head.find((line) => line.startsWith(start))?.slice(start.length);
  const moved = said('rename to ');
  const named = [said('+++ b/'), said('--- a/'), said('+++ "b/')?.slice(0, -1), said('--- "a/')?.slice(0, -1)];
  const path = moved ?? named.find((one) => one !== undefined) ?? pathOfHead(head[0] ?? '');
  const how =
    said('new file') !== undefined
      ? 'new'
      : said('deleted file') !== undefined
        ? 'gone'
        : moved !== undefined
          ? 'moved'
          : 'changed';
  const told = head
    .slice(1)
    .filter((line) => !heads.some((one) => line.startsWith(one)) && !/^(new|deleted) file/.test(line));
  return { path, how, lines: [...told.map(same), ...body.map(lineOf)] };
}

/** `diff --git a/x b/x`: both halves are one name where nothing was renamed. */
function pathOfHead(head: string): string {
  const names = head.slice('diff --git '.length);
  return names.slice(names.length / 2 + 1).replace(/^b\//, '');
}

function same(text: string): DiffLine {
  return { kind: 'same', text };
}

function lineOf(line: string): DiffLine {
  if (line.startsWith('@@')) return { kind: 'hunk', text: line };
  if (line.startsWith('+')) return { kind: 'added', text: line.slice(1) };
  if (line.startsWith('-')) return { kind: 'removed', text: line.slice(1) };
  return { kind: 'same', text: line.startsWith(' ') ? line.slice(1) : line };
}
