import type { TreeCursor } from 'web-tree-sitter';
import type { Source } from './source.ts';
import type { At, Expression } from './tree.ts';

export interface SyntaxFailure {
  readonly at: At;
  readonly message: string;
}

/**
 * One pass over the grammar's tree with one cursor. Every reader expects the cursor on the node it reads and leaves it
 * there. A class for the cursor, which is state, and for nothing else.
 */
export class Walk {
  readonly cursor: TreeCursor;
  readonly source: Source;
  /** Whether the tree has errors anywhere: then, and only then, each node is asked whether it was made up. */
  readonly broken: boolean;
  readonly failures: SyntaxFailure[] = [];
  /** An error stands between the items of a body. */
  loose = false;
  /** Conditionals that no parentheses hold together: see `readConditional`. */
  readonly bareConditionals = new WeakSet<Expression>();
  readonly #kinds: readonly string[];

  constructor(cursor: TreeCursor, source: Source, kinds: readonly string[], broken: boolean) {
    this.cursor = cursor;
    this.source = source;
    this.broken = broken;
    this.#kinds = kinds;
  }

  kind(): string {
    return this.#kinds[this.cursor.nodeTypeId] ?? 'ERROR';
  }

  text(): string {
    return this.source.text.slice(this.cursor.startIndex, this.cursor.endIndex);
  }

  at(): At {
    return this.source.at(this.cursor.startIndex);
  }

  /** Visits the children in order, comments left out. */
  children(visit: (kind: string) => void): void {
    const { cursor } = this;
    if (!cursor.gotoFirstChild()) return;
    do {
      const kind = this.kind();
      if (kind !== 'comment') visit(kind);
    } while (cursor.gotoNextSibling());
    cursor.gotoParent();
  }

  /** Notes that this node is where the text went wrong. */
  fail(missing?: string): void {
    // What stands in quotes may be a secret.
    const text = (this.text().trim().split('\n')[0] ?? '').replace(/"[^"]*("|$)/g, '"…"');
    const message = missing === undefined ? `unexpected \`${text.slice(0, 40)}\`` : `\`${missing}\` is missing`;
    this.failures.push({ at: this.at(), message });
  }
}
