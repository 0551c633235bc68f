/** A glob as Terraform's `fileset` reads it: `*`, `**`, `?`, `[a-z]`, `{a,b}`. */
export function globPattern(glob: string): RegExp {
  let source = '';
  let depth = 0;
  for (let i = 0; i < glob.length; i++) {
    const one = glob[i] ?? '';
    if (one === '*' && glob[i + 1] === '*') {
      const slash = glob[i + 2] === '/';
      source += slash ? '(?:.*/)?' : '.*';
      i += slash ? 2 : 1;
    } else if (one === '*') source += '[^/]*';
    else if (one === '?') source += '[^/]';
    else if (one === '{') {
      source += '(?:';
      depth++;
    } else if (one === '}' && depth > 0) {
      source += ')';
      depth--;
    } else if (one === ',' && depth > 0) source += '|';
    else if (one === '[') {
      const end = glob.indexOf(']', i + 2);
      if (end < 0) throw new Error('a bracket that is not closed');
      source += `[${glob
        .slice(i + 1, end)
        .replace(/^!/, '^')
        .replaceAll('\\', '\\\\')}]`;
      i = end;
    } else source += one === '\\' ? `\\${glob[++i] ?? '\\'}` : one.replace(/[.+^$()|}\]]/, '\\$&');
  }
  if (depth > 0) throw new Error('a brace that is not closed');
  return new RegExp(`^${source}$`);
}
