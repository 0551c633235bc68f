import { type Binding, bindingFolder, readBinding } from '../../config/binding.ts';
import { KarmaError } from '../../model/errors.ts';
import type { EstateView } from '../../model/estate.ts';

/** Every binding of the estate, by name. Files that cannot be used are findings elsewhere. */
export function bindingsOf(estate: EstateView): readonly Binding[] {
  const bindings: Binding[] = [];
  for (const { name, kind } of estate.main.list(bindingFolder)) {
    if (kind !== 'file' || !name.endsWith('.json')) continue;
    const file = `${bindingFolder}/${name}`;
    const { binding } = readBinding(file, estate.main.read(file) ?? '');
    if (binding !== undefined) bindings.push(binding);
  }
  return bindings;
}

/**
 * The binding a component lives in: what was asked for, else `placement` in karma.yaml (an id, or a pattern with `*`), else
 * the only binding of its environment. What is ambiguous is refused, never guessed.
 */
export function bindingOf(
  estate: EstateView,
  component: { readonly id: string; readonly environment: string },
  asked: string | undefined,
): string {
  const bindings = bindingsOf(estate).filter(({ environment }) => environment === component.environment);
  const names = bindings.map(({ name }) => name);
  const placed = placementOf(estate.settings.bindings ?? {}, component.id);
  if (asked !== undefined && placed !== undefined && asked !== placed)
    throw new KarmaError('KARMA_REFUSED', `${component.id} lives in ${placed}, not in ${asked}`, {
      hint: 'see `placement` in karma.yaml',
    });
  const chosen = asked ?? placed ?? (names.length === 1 ? names[0] : undefined);
  if (chosen !== undefined) {
    if (names.length > 0 && !names.includes(chosen))
      throw new KarmaError('KARMA_USAGE', `${chosen} is no binding of ${component.environment}`, {
        hint: `there are: ${names.join(', ')}`,
      });
    return chosen;
  }
  if (names.length === 0) return component.environment === '' ? 'default' : component.environment;
  throw new KarmaError(
    'KARMA_REFUSED',
    `${component.environment} spans ${names.length} accounts, and where ${component.id} lives is not said`,
    {
      hint: `add --binding with one of ${names.join(', ')}, or place it in karma.yaml (\`placement\`)`,
    },
  );
}

function placementOf(placement: Readonly<Record<string, string>>, id: string): string | undefined {
  const exact = placement[id];
  if (exact !== undefined) return exact;
  const patterns = Object.keys(placement).filter((pattern) => pattern.includes('*') && matches(pattern, id));
  const longest = patterns.sort((a, b) => b.length - a.length)[0];
  return longest === undefined ? undefined : placement[longest];
}

function matches(pattern: string, id: string): boolean {
  const source = pattern
    .split('*')
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*');
  return new RegExp(`^${source}$`).test(id);
}
