import type { Expression } from './expression.ts';
import { parseSelection } from './parse.ts';

export interface GitRange {
  readonly from: string;
  readonly to: string;
}

/**
 * The Git ranges that selections name, each once: whoever must wait for Git answers them before `select` is called, which
 * is synchronous. @throws KARMA_SELECTION
 */
export function gitRangesIn(texts: readonly string[]): GitRange[] {
  const ranges = new Map<string, GitRange>();
  const visit = (expression: Expression): void => {
    switch (expression.is) {
      case 'git':
        ranges.set(`${expression.from}...${expression.to}`, { from: expression.from, to: expression.to });
        break;
      case 'not':
        visit(expression.of);
        break;
      case 'and':
        visit(expression.left);
        visit(expression.right);
        break;
      case 'graph':
        visit(expression.target);
        break;
      default:
    }
  };
  for (const text of texts) visit(parseSelection(text));
  return [...ranges.values()];
}
