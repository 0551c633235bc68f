import type { FileView } from '../model/file-view.ts';
import { anyFolders, type Part, type Wildcards, wildcards } from '../model/wildcards.ts';

/** Where GitHub and GitLab look for it, the first that is there counts. */
const places = ['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS', '.gitlab/CODEOWNERS'];

/** Who owns which paths, as a `CODEOWNERS` file says. */
export interface Owners {
  /** The owners of a file as written, separated by spaces; `''` when nobody is named. */
  of(path: string): string;
}

/** Reads the view's `CODEOWNERS`; without one nobody owns anything. */
export function readOwners(view: FileView): Owners {
  const file = places.find((place) => view.isFile(place));
  const rules = file === undefined ? [] : known(view.read(file) ?? '');
  return {
    // The last rule that matches counts, and it may name nobody.
    of: (path) => rules.findLast(({ pattern }) => pattern.test(path))?.owners ?? '',
  };
}

interface Rule {
  readonly pattern: Wildcards;
  readonly owners: string;
}

let last: { readonly text: string; readonly rules: readonly Rule[] } | undefined;

/** An estate has one such file, which each of its thousands of components reads. */
function known(text: string): readonly Rule[] {
  if (last?.text !== text) last = { text, rules: rulesOf(text) };
  return last.rules;
}

function rulesOf(text: string): Rule[] {
  return text.split('\n').flatMap((line) => {
    const [written = '', ...owners] = line
      .replace(/(^|\s)#.*$/, '')
      .trim()
      .split(/\s+/);
    // GitLab's sections (`[Database]`) only group.
    if (written === '' || /^\^?\[/.test(written)) return [];
    return [{ pattern: patternOf(written), owners: owners.join(' ') }];
  });
}

/** As in `.gitignore`: a slash before the end anchors, one at the end means a folder; `dir/*` does not reach below. */
function patternOf(written: string): Wildcards {
  const plain = written.replace(/^\/|\/$/g, '');
  const anchored = written.startsWith('/') || plain.includes('/');
  const body = plain.split(/(\*\*\/?|\*|\?)/).map((part, index): Part => {
    if (index % 2 === 0) return part;
    if (part === '**/') return anyFolders;
    return part === '?' ? { one: '[^/]' } : { run: part === '*' ? 'step' : 'all' };
  });
  const below: Part[] = written.endsWith('/') ? ['/', all] : plain.endsWith('/*') ? [] : [{ either: [['/', all], []] }];
  return wildcards([...(anchored ? [] : [anyFolders]), ...body, ...below]);
}

const all: Part = { run: 'all' };
