import { evaluate } from '../../hcl/evaluate.ts';
import { EvaluationError } from '../../hcl/scope.ts';
import { filesNamedIn } from './files-named.ts';
import type { ModuleInstance } from './instance.ts';
import { sinksOf } from './sinks.ts';

/** Tells a module's account of every file that it reads, and of nothing else: each expression is evaluated once. */
export function followFiles(root: ModuleInstance): void {
  const { account } = root;
  if (account === undefined) return;
  for (const sink of sinksOf(root)) {
    account.enter({ site: sink.site, file: sink.file, line: sink.at.line });
    try {
      filesNamedIn(sink, evaluate(sink.expr, sink.scope), root, account);
    } catch (error) {
      if (!(error instanceof EvaluationError)) throw error;
    }
  }
}
