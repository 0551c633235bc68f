import { walkBody, walkExpression } from './expression-walk.ts';
import type { Module, Placed } from './module.ts';

/**
 * Texts that begin with the parameter prefix as such, in a module that declares a variable for it: with another prefix they
 * lead elsewhere. Descriptions do not count.
 */
export function literalPrefixes(module: Module, prefix: string, variable: string): readonly Placed[] {
  if (!module.variables.has(variable)) return [];
  const found: Placed[] = [];
  const wanted = `${prefix}/`;
  const look = (file: string) => (expr: Parameters<typeof walkExpression>[0], name: string) => {
    if (name === 'description') return;
    walkExpression(expr, (part) => {
      const text = part.kind === 'literal' ? part.value : part.kind === 'template' ? firstText(part.parts) : undefined;
      if (typeof text === 'string' && text.startsWith(wanted)) found.push({ file, at: part.at });
    });
  };
  for (const { value, name, file } of module.locals.values()) look(file)(value, name);
  const blocks = [...module.resources.values(), ...module.outputs.values(), ...module.calls.values()];
  for (const { file, body } of blocks) walkBody(body, look(file));
  return found;
}

function firstText(parts: readonly { readonly kind: string; readonly text?: string }[]): string | undefined {
  return parts[0]?.kind === 'text' ? parts[0].text : undefined;
}
