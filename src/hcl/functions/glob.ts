import { anyFolders, type Part, type Wildcards, wildcards } from '../../model/wildcards.ts';

/** A glob as Terraform's `fileset` reads it: `*`, `**`, `?`, `[a-z]`, `{a,b}`. @throws Error where it is none */
export function globPattern(glob: string): Wildcards {
  /** What stands in braces, with the ways before the last comma; the outermost is the glob itself. */
  const open: { readonly ways: (readonly Part[])[]; parts: Part[] }[] = [{ ways: [], parts: [] }];
  const last = () => open.at(-1) ?? { ways: [], parts: [] };
  const add = (part: Part) => last().parts.push(part);
  for (let i = 0; i < glob.length; i++) {
    const one = glob[i] ?? '';
    if (one === '*' && glob[i + 1] === '*') {
      const slash = glob[i + 2] === '/';
      add(slash ? anyFolders : { run: 'all' });
      i += slash ? 2 : 1;
    } else if (one === '*') add({ run: 'step' });
    else if (one === '?') add({ one: '[^/]' });
    else if (one === '{') open.push({ ways: [], parts: [] });
    else if (one === '}' && open.length > 1) {
      const { ways, parts } = open.pop() ?? last();
      add({ either: [...ways, parts] });
    } else if (one === ',' && open.length > 1) {
      const within = last();
      within.ways.push(within.parts);
      within.parts = [];
    } else if (one === '[') {
      const end = glob.indexOf(']', i + 2);
      if (end < 0) throw new Error('a bracket that is not closed');
      add({
        one: `[${glob
          .slice(i + 1, end)
          .replace(/^!/, '^')
          .replaceAll('\\', '\\\\')}]`,
      });
      i = end;
    } else add(one === '\\' ? (glob[++i] ?? '\\') : one);
  }
  if (open.length > 1) throw new Error('a brace that is not closed');
  return wildcards(last().parts);
}
