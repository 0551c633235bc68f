/** Names that a file of variables sets, told without reading any value. */
export function namesSetIn(path: string, text: string): ReadonlySet<string> {
  return path.endsWith('.json') ? keysIn(text) : namesIn(text);
}

/** Names at the top of a file of variables, told line by line: what stands deeper is a part of a value. */
function namesIn(text: string): Set<string> {
  const names = new Set<string>();
  let depth = 0;
  for (const line of text.split('\n')) {
    const code = line.replace(/"(?:[^"\\]|\\.)*"|(?:#|\/\/).*$/g, '""');
    const name = depth === 0 ? /^\s*"?([A-Za-z_][\w-]*)"?\s*=/.exec(line)?.[1] : undefined;
    if (name !== undefined) names.add(name);
    for (const char of code) depth += '{[('.includes(char) ? 1 : '}])'.includes(char) ? -1 : 0;
    depth = Math.max(depth, 0);
  }
  return names;
}

function keysIn(text: string): Set<string> {
  try {
    const value: unknown = JSON.parse(text);
    return new Set(typeof value === 'object' && value !== null ? Object.keys(value) : []);
  } catch {
    return new Set();
  }
}
