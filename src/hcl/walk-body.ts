import { unescapeQuoted } from './strings.ts';
import type { At, Attribute, Block, Body, Expression } from './tree.ts';
import type { Walk } from './walk.ts';
import { bad, readExpression } from './walk-expression.ts';

/** Collects a body in the order written; a name that stands twice keeps its first value, as an error would leave it. */
export class BodyBuilder {
  readonly #attributes = new Map<string, Attribute>();
  readonly #blocks: Block[] = [];
  readonly #duplicates: { name: string; at: At }[] = [];

  attribute(attribute: Attribute): void {
    if (this.#attributes.has(attribute.name)) this.#duplicates.push({ name: attribute.name, at: attribute.at });
    else this.#attributes.set(attribute.name, attribute);
  }

  block(block: Block): void {
    this.#blocks.push(block);
  }

  all(body: Body): void {
    for (const attribute of body.attributes.values()) this.attribute(attribute);
    for (const block of body.blocks) this.block(block);
    this.#duplicates.push(...body.duplicates);
  }

  finish(): Body {
    return { attributes: this.#attributes, blocks: this.#blocks, duplicates: this.#duplicates };
  }
}

/** On a `config_file` or `body` node. */
export function readBody(walk: Walk): Body {
  const builder = new BodyBuilder();
  const visit = (kind: string): void => {
    if (kind === 'attribute') builder.attribute(readAttribute(walk));
    else if (kind === 'block') builder.block(readBlock(walk));
    else if (kind === 'body') walk.children(visit);
    else if (kind === 'ERROR') {
      walk.loose = true;
      walk.fail();
      walk.children(visit);
    }
  };
  walk.children(visit);
  return builder.finish();
}

function readAttribute(walk: Walk): Attribute {
  const at = walk.at();
  let name = '';
  let value: Expression | undefined;
  walk.children((kind) => {
    if (kind === 'identifier') name = walk.text();
    else if (kind === 'expression') value = readExpression(walk);
    else if (kind === 'ERROR') {
      walk.fail();
      value = bad(walk);
    }
  });
  return { name, value: value ?? bad(walk), at };
}

function readBlock(walk: Walk): Block {
  const at = walk.at();
  let type: string | undefined;
  const labels: string[] = [];
  let body: Body | undefined;
  walk.children((kind) => {
    if (kind === 'identifier' && type === undefined) type = walk.text();
    else if (kind === 'identifier') labels.push(walk.text());
    else if (kind === 'string_lit') labels.push(unescapeQuoted(walk.text().slice(1, -1)));
    else if (kind === 'body') body = readBody(walk);
    else if (kind === 'ERROR') walk.fail();
    else if (kind === 'block_end' && walk.broken && walk.cursor.nodeIsMissing) walk.fail('}');
  });
  return { type: type ?? '', labels, body: body ?? new BodyBuilder().finish(), at };
}
