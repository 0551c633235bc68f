import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { KarmaError } from '../../model/errors.ts';

type Schema = Readonly<Record<string, unknown>>;

/** Schemas of answers as parts of one description, where types that several answers share stand once. */
export class AnswerSchemas {
  readonly parts: Record<string, Schema> = {};

  /** What the answer of a verb looks like, by reference into the parts. */
  of(verb: string): Schema {
    const name = `${capitals(verb)}Answer`;
    if (!Object.hasOwn(this.parts, name)) {
      const { $schema: _, $defs = {}, ...own } = schemaOf(verb);
      const names = this.#place($defs as Readonly<Record<string, Schema>>, name);
      this.parts[name] = moved(own, names) as Schema;
    }
    return { $ref: `#/components/schemas/${name}` };
  }

  /** A name that stands for something else already gets the answer's name before it. */
  #place(defs: Readonly<Record<string, Schema>>, answer: string): ReadonlyMap<string, string> {
    const plain = new Map(Object.keys(defs).map((name) => [name, name]));
    const names = new Map(
      Object.entries(defs).map(([name, schema]) => {
        const there = this.parts[name];
        const isFree = there === undefined || JSON.stringify(there) === JSON.stringify(moved(schema, plain));
        return [name, isFree && name !== answer ? name : `${answer}${name}`];
      }),
    );
    for (const [name, schema] of Object.entries(defs))
      this.parts[names.get(name) ?? name] = moved(schema, names) as Schema;
    return names;
  }
}

function moved(schema: unknown, names: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(schema)) return schema.map((one) => moved(one, names));
  if (schema === null || typeof schema !== 'object') return schema;
  return Object.fromEntries(
    Object.entries(schema).map(([key, value]) => {
      if (key !== '$ref' || typeof value !== 'string') return [key, moved(value, names)];
      const name = value.replace('#/$defs/', '');
      return [key, `#/components/schemas/${names.get(name) ?? name}`];
    }),
  );
}

function capitals(verb: string): string {
  return verb.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** The schemas lie beside the source in the repository and beside the bundle in the package. */
function schemaOf(verb: string): Schema {
  for (const up of ['../../..', '..']) {
    const path = fileURLToPath(new URL(`${up}/schemas/answers/${verb}.json`, import.meta.url));
    if (existsSync(path)) return JSON.parse(readFileSync(path, 'utf8')) as Schema;
  }
  throw new KarmaError('KARMA_UNREADABLE', `the schema of ${verb} is not in this package`, {
    hint: 'install the package again',
  });
}
