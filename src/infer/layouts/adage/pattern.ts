import { type Wildcards, wildcards } from '../../../model/wildcards.ts';

const compiled = new Map<string, Wildcards>();

/** Whether an id fits a pattern: `*` within one step, `**` over several; without either, equality. */
export function matchesPattern(pattern: string, id: string): boolean {
  if (!pattern.includes('*')) return pattern === id;
  let form = compiled.get(pattern);
  if (form === undefined) {
    form = wildcards(
      pattern.split(/(\*\*|\*)/).map((part) => (/^\*/.test(part) ? { run: part === '*' ? 'step' : 'all' } : part)),
    );
    compiled.set(pattern, form);
  }
  return form.test(id);
}
