/** Lines around a change that are shown with it. */
const around = 3;
/** Beyond this many differences two texts are shown as one change. */
const mostSteps = 2000;

/**
 * Two versions of a file as a patch that `git apply` takes; `''` where they are equal.
 * @param before undefined of a file that is new
 */
export function unifiedDiff(path: string, before: string | undefined, after: string): string {
  if (before === after) return '';
  const [old, fresh] = [linesOf(before ?? ''), linesOf(after)];
  const marks = compared(old, fresh);
  const [from, to] = [named(`a/${path}`), named(`b/${path}`)];
  // Behind a name with a blank in it a tab says where it ends.
  const end = path.includes(' ') ? '\t\n' : '\n';
  const isNew = before === undefined;
  const whole = `diff --git ${from} ${to}\n${isNew ? 'new file mode 100644\n' : ''}`;
  if (isNew && after === '') return whole;
  const header = `${whole}--- ${isNew ? '/dev/null\n' : from + end}+++ ${to}${end}`;
  return header + hunksOf(marks).map(hunkText).join('');
}

/** A name as Git writes and reads it: in quotes where it holds what could end it, or what steers a terminal. */
function named(path: string): string {
  if (/^[ !#-[\]-~]*$/.test(path)) return path;
  const bytes = [...Buffer.from(path)].map((byte) => {
    if (byte === 0x22 || byte === 0x5c) return `\\${String.fromCharCode(byte)}`;
    return byte < 0x20 || byte > 0x7e ? `\\${byte.toString(8).padStart(3, '0')}` : String.fromCharCode(byte);
  });
  return `"${bytes.join('')}"`;
}

interface Mark {
  readonly sign: ' ' | '-' | '+';
  readonly line: string;
  /** Lines of each version before this one. */
  readonly at: readonly [number, number];
}

function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** Myers' difference, "An O(ND) Difference Algorithm" (1986), between what both ends share. */
function compared(old: readonly string[], fresh: readonly string[]): Mark[] {
  let start = 0;
  while (start < old.length && start < fresh.length && old[start] === fresh[start]) start += 1;
  let end = 0;
  while (end < Math.min(old.length, fresh.length) - start && old.at(-1 - end) === fresh.at(-1 - end)) end += 1;
  const [a, b] = [old.slice(start, old.length - end), fresh.slice(start, fresh.length - end)];
  const signs = ' '.repeat(start) + middle(a, b) + ' '.repeat(end);
  let [x, y] = [0, 0];
  return [...signs].map((sign): Mark => {
    const at = [x, y] as const;
    const line = (sign === '+' ? fresh[y] : old[x]) ?? '';
    if (sign !== '+') x += 1;
    if (sign !== '-') y += 1;
    return { sign: sign as Mark['sign'], line, at };
  });
}

function middle(a: readonly string[], b: readonly string[]): string {
  const most = Math.min(a.length + b.length, mostSteps);
  // By diagonal, from -most - 1 to most + 1; where nobody was yet stands 0.
  const reached = new Int32Array(2 * most + 3);
  const trail: Int32Array[] = [];
  for (let steps = 0; steps <= most; steps += 1) {
    // Of each step what the way back asks for: the diagonals from -steps - 1 to steps + 1.
    trail.push(reached.slice(most - steps, most + steps + 3));
    for (let k = -steps; k <= steps; k += 2) {
      let x = reachedFrom(reached, most + 1, steps, k).x;
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x += 1;
      reached[most + 1 + k] = x;
      if (x >= a.length && x - k >= b.length) return wayBack(trail, a.length, b.length);
    }
  }
  return '-'.repeat(a.length) + '+'.repeat(b.length);
}

/** Where a step along diagonal `k` starts: one down from the diagonal above it, or one to the right. */
function reachedFrom(reached: Int32Array, middle: number, steps: number, k: number) {
  const [left, above] = [reached[middle + k - 1] ?? 0, reached[middle + k + 1] ?? 0];
  const down = k === -steps || (k !== steps && left < above);
  return { down, x: down ? above : left + 1 };
}

function wayBack(trail: readonly Int32Array[], endX: number, endY: number): string {
  let [x, y] = [endX, endY];
  // From the end.
  const signs: string[] = [];
  for (let steps = trail.length - 1; steps >= 0; steps -= 1) {
    const reached = trail[steps] ?? new Int32Array(0);
    const k = x - y;
    const { down } = reachedFrom(reached, steps + 1, steps, k);
    const from = down ? k + 1 : k - 1;
    const fromX = reached[steps + 1 + from] ?? 0;
    const fromY = fromX - from;
    while (x > fromX && y > fromY && x > 0 && y > 0) {
      signs.push(' ');
      x -= 1;
      y -= 1;
    }
    if (steps > 0) signs.push(down ? '+' : '-');
    [x, y] = [fromX, fromY];
  }
  return signs.reverse().join('');
}

function hunksOf(marks: readonly Mark[]): Mark[][] {
  const hunks: Mark[][] = [];
  let end = -1;
  marks.forEach(({ sign }, at) => {
    if (sign === ' ') return;
    const from = Math.max(0, at - around, end);
    const last = hunks.at(-1);
    const to = Math.min(marks.length, at + around + 1);
    if (last !== undefined && from <= end) last.push(...marks.slice(end, to));
    else hunks.push(marks.slice(from, to));
    end = Math.max(end, to);
  });
  return hunks;
}

function hunkText(hunk: readonly Mark[]): string {
  const [first] = hunk;
  const [x, y] = first?.at ?? [0, 0];
  const old = hunk.filter(({ sign }) => sign !== '+').length;
  const fresh = hunk.filter(({ sign }) => sign !== '-').length;
  const side = (start: number, count: number) => `${count === 0 ? start : start + 1},${count}`;
  const lines = hunk.map(
    ({ sign, line }) => `${sign}${line}${line.endsWith('\n') ? '' : '\n\\ No newline at end of file\n'}`,
  );
  return `@@ -${side(x, old)} +${side(y, fresh)} @@\n${lines.join('')}`;
}
