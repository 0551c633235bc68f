import type { Address, Provide } from '../model/claim.ts';

/**
 * Addresses and names of which parts are only known in a run. What is known is compared: a hole may stand for any text, which
 * tells who may be meant; read as one step or a part of one it tells who is.
 */

/** How an address fits another: not at all; if a hole may hold several steps; or step by step, with something that tells. */
export type Fit = 'no' | 'loosely' | 'closely';

/** Names that many give: alone they tell nothing. The last ones are those of Adage, where each component has them. */
const common = /^(?:(?:terraform|default|state|main|tfstate|env:)?(?:\.tfstate)?|iac|runtime|config)$/;

const hole = '\u0000';
const holes = /\$\{(?:[^{}]|\{[^{}]*\})*\}/g;

/** Its text with one mark for each hole. By text: thousands of components name one address. */
const patterns = new Map<string, string>();
const mostPatterns = 100_000;

function patternOf(text: string): string {
  if (!text.includes('${')) return text;
  let pattern = patterns.get(text);
  if (pattern === undefined) {
    if (patterns.size >= mostPatterns) patterns.clear();
    pattern = text.replace(holes, hole).replace(/\0+/g, hole);
    patterns.set(text, pattern);
  }
  return pattern;
}

/** Whether nothing in a text is left to a run. */
export function isKnown(text: string): boolean {
  return !text.includes('${');
}

/** Whether all of a text is. */
export function isAllHole(text: string): boolean {
  return patternOf(text) === hole;
}

/** Steps that are known as a whole. */
function knownSteps(name: string): readonly string[] {
  return patternOf(name)
    .split('/')
    .filter((step) => step !== '' && !step.includes(hole));
}

/** Under which keys it is found by those who know a part of its name only. */
export function partKeys(kind: string, addresses: readonly Address[]): Pick<Provide, 'key' | 'under'> {
  const steps = new Set(addresses.flatMap(([, name]) => knownSteps(name)));
  const open = addresses.some(([, name]) => !isKnown(name));
  const key = `${kind}`;
  return { key, under: [...[...steps].map((step) => `${key}:${step}`), ...(open ? [`${key}:?`] : [])] };
}

/** The keys of everybody who may be meant: by the step that tells most, and those of whose name a part is open. */
export function askedPartKeys(kind: string, addresses: readonly Address[]): readonly string[] {
  const keys = new Set<string>();
  for (const [, name] of addresses) {
    const step = knownSteps(name)
      .filter((one) => !common.test(one))
      .reduce((a, b) => (b.length > a.length ? b : a), '');
    if (step === '') return [`${kind}`];
    keys.add(`${kind}:${step}`);
  }
  return [...keys, `${kind}:?`];
}

/** The best that any two of them fit. */
export function fitOf(asked: readonly Address[], given: readonly Address[]): Fit {
  let best: Fit = 'no';
  for (const one of asked)
    for (const other of given) {
      const fit = fitOne(one, other);
      if (fit === 'closely') return fit;
      if (fit === 'loosely') best = fit;
    }
  return best;
}

function fitOne([store, name]: Address, [otherStore, otherName]: Address): Fit {
  if (!meets(store, otherStore, false) || !meets(name, otherName, false)) return 'no';
  return tells(name, otherName) && meets(name, otherName, true) ? 'closely' : 'loosely';
}

/** The last step that not everybody has: both show it. */
function tells(name: string, other: string): boolean {
  const steps = patternOf(name).split('/');
  const last = steps.findLast((step) => !common.test(step));
  return last !== undefined && !last.includes(hole) && knownSteps(other).includes(last);
}

/** Whether some text is told by both. @param narrow a hole stands for a step or a part of one, else for anything */
function meets(a: string, b: string, narrow: boolean): boolean {
  const [one, other] = [patternOf(a), patternOf(b)];
  const open = [one.indexOf(hole), other.indexOf(hole)];
  if (open[0] === -1 && open[1] === -1) return one === other;
  const before = Math.min(...open.filter((at) => at >= 0));
  if (one.slice(0, before) !== other.slice(0, before)) return false;
  return intersects(one, other, narrow);
}

/** O(a × b) of the texts behind what they share. */
function intersects(a: string, b: string, narrow: boolean): boolean {
  const width = b.length + 1;
  const seen = new Uint8Array((a.length + 1) * width);
  const fills = (char: string | undefined) => char !== undefined && (!narrow || char !== '/');
  const walk: [number, number][] = [[0, 0]];
  for (let next = walk.pop(); next !== undefined; next = walk.pop()) {
    const [i, j] = next;
    if (seen[i * width + j] === 1) continue;
    seen[i * width + j] = 1;
    if (i === a.length && j === b.length) return true;
    const [x, y] = [a[i], b[j]];
    if (x === hole) {
      walk.push([i + 1, j]);
      if (y === hole ? false : fills(y)) walk.push([i, j + 1]);
    }
    if (y === hole) {
      walk.push([i, j + 1]);
      if (x === hole ? false : fills(x)) walk.push([i + 1, j]);
    }
    if (x !== hole && x !== undefined && x === y) walk.push([i + 1, j + 1]);
  }
  return false;
}
