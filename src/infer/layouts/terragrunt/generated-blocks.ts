import { evaluate } from '../../../hcl/evaluate.ts';
import { parseJsonHcl, terraformBlocks } from '../../../hcl/json.ts';
import { parseHcl } from '../../../hcl/parse.ts';
import { EvaluationError, type Scope } from '../../../hcl/scope.ts';
import type { Block, Body, Expression } from '../../../hcl/tree.ts';
import { emptyObject, isObject, Unknown, type Value } from '../../../hcl/value.ts';
import { type GeneratedFile, knownText } from './generated-files.ts';

/** Blocks of one generated file. */
export interface GeneratedBlocks {
  readonly label: string;
  readonly blocks: readonly Block[];
}

/** Many units write the same text. Emptied when full. */
const parsed = new Map<string, readonly Block[]>();
const mostTexts = 2000;

/** What stands in generated files, as far as their text is known. */
export function generatedBlocks(files: readonly GeneratedFile[]): readonly GeneratedBlocks[] {
  return files.flatMap(({ label, path, contents }) => {
    const text = knownText(contents);
    const isJson = knownText(path).endsWith('.json');
    return text.includes('{') ? [{ label, blocks: blocksIn(text, isJson) }] : [];
  });
}

function blocksIn(text: string, isJson: boolean): readonly Block[] {
  const key = isJson ? `json ${text}` : text;
  const known = parsed.get(key);
  if (known !== undefined) return known;
  if (parsed.size >= mostTexts) parsed.clear();
  const { blocks } = (isJson ? parseJsonHcl(text, terraformBlocks) : parseHcl(text)).body;
  parsed.set(key, blocks);
  return blocks;
}

/** A body as an object, where variables are what a unit's inputs say; what else it names is not known. */
export function bodyWith({ attributes, blocks }: Body, inputs: () => Value): Record<string, Value> {
  const scope = variablesFrom(inputs);
  const result = emptyObject();
  for (const [name, { value }] of attributes) result[name] = evaluatedIn(value, scope);
  for (const block of blocks) result[block.type] ??= bodyWith(block.body, inputs);
  return result;
}

function evaluatedIn(expression: Expression, scope: Scope): Value {
  try {
    return evaluate(expression, scope);
  } catch (error) {
    if (error instanceof EvaluationError) return new Unknown(error.message);
    throw error;
  }
}

function variablesFrom(inputs: () => Value): Scope {
  return {
    lookup: () => undefined,
    traverse(root, [name = '']) {
      if (root !== 'var') return undefined;
      const all = inputs();
      return isObject(all) && Object.hasOwn(all, name) ? { value: all[name] ?? null, used: 1 } : undefined;
    },
  };
}
