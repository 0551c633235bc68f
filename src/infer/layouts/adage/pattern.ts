const compiled = new Map<string, RegExp>();

/** Whether an id fits a pattern: `*` within one step, `**` over several; without either, equality. */
export function matchesPattern(pattern: string, id: string): boolean {
  if (!pattern.includes('*')) return pattern === id;
  let form = compiled.get(pattern);
  if (form === undefined) {
    const source = pattern
      .split(/(\*\*|\*)/)
      .map((part) => (part === '**' ? '.*' : part === '*' ? '[^/]*' : part.replaceAll(/[\\^$.+?()[\]{}|]/g, '\\$&')));
    form = new RegExp(`^${source.join('')}$`);
    compiled.set(pattern, form);
  }
  return form.test(id);
}
