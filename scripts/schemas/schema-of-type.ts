import ts from 'typescript';

/** A JSON Schema, or a part of one. */
export type Schema = Readonly<Record<string, unknown>>;

/**
 * Writes JSON Schema (2020-12) of what `JSON.stringify` makes of a type. Types that have a name of ours stand once, under
 * `$defs`. What is no plain data is refused with the way to it: a class, a function, a map would be printed as something else.
 */
export class SchemaOfType {
  readonly defs: Record<string, Schema> = {};
  readonly #checker: ts.TypeChecker;
  /** Folder whose named types get a name in the schema. */
  readonly #own: string;
  readonly #names = new Map<ts.Type, string>();
  readonly #open = new Set<ts.Type>();

  constructor(checker: ts.TypeChecker, own: string) {
    this.#checker = checker;
    this.#own = own;
  }

  /** @throws Error naming the member that is no plain data */
  of(type: ts.Type, path: string): Schema {
    const parts = type.isUnion() ? type.types.filter(({ flags }) => (flags & gone) === 0) : [type];
    const [only] = parts;
    const name = this.#nameOf(type);
    if (name !== undefined) return this.#named(name, type, () => this.#plain(type, parts, path));
    if (parts.length === 1 && only !== undefined && only !== type) return this.of(only, path);
    return this.#plain(type, parts, path);
  }

  #named(name: string, type: ts.Type, make: () => Schema): Schema {
    const known = this.#names.get(type);
    if (known !== undefined) return { $ref: `#/$defs/${known}` };
    let free = name;
    for (let number = 2; Object.hasOwn(this.defs, free); number++) free = `${name}${number}`;
    this.#names.set(type, free);
    this.defs[free] = {};
    const { documentation } = described(type.aliasSymbol ?? type.symbol, this.#checker);
    this.defs[free] = { ...documentation, ...make() };
    return { $ref: `#/$defs/${free}` };
  }

  #plain(type: ts.Type, parts: readonly ts.Type[], path: string): Schema {
    if (type.isUnion()) return this.#union(parts, path);
    const { flags } = type;
    if ((flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) !== 0) return {};
    if (type.isStringLiteral() || type.isNumberLiteral()) return { const: type.value };
    if ((flags & ts.TypeFlags.BooleanLiteral) !== 0) return { const: this.#checker.typeToString(type) === 'true' };
    if ((flags & ts.TypeFlags.StringLike) !== 0) return { type: 'string' };
    if ((flags & ts.TypeFlags.NumberLike) !== 0) return { type: 'number' };
    if ((flags & ts.TypeFlags.BooleanLike) !== 0) return { type: 'boolean' };
    if ((flags & ts.TypeFlags.Null) !== 0) return { type: 'null' };
    if ((flags & ts.TypeFlags.NonPrimitive) !== 0) return { type: 'object' };
    if (type.isIntersection() && type.types.some((part) => (part.flags & ts.TypeFlags.StringLike) !== 0))
      return { type: 'string' };
    if (this.#checker.isTupleType(type)) return this.#tuple(type as ts.TypeReference, path);
    if (this.#checker.isArrayType(type)) {
      const [item] = this.#checker.getTypeArguments(type as ts.TypeReference);
      return { type: 'array', items: item === undefined ? {} : this.of(item, `${path}[]`) };
    }
    if ((flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)) !== 0) return this.#object(type, path);
    throw notPlain(path, this.#checker.typeToString(type));
  }

  #union(parts: readonly ts.Type[], path: string): Schema {
    const literals = parts.flatMap((part) => (part.isStringLiteral() || part.isNumberLiteral() ? [part.value] : []));
    const booleans = parts.filter(({ flags }) => (flags & ts.TypeFlags.BooleanLiteral) !== 0);
    const others = parts.filter(
      (part) => !part.isStringLiteral() && !part.isNumberLiteral() && (part.flags & ts.TypeFlags.BooleanLiteral) === 0,
    );
    const all: Schema[] = [
      ...(literals.length === 0 ? [] : [literals.length === 1 ? { const: literals[0] } : { enum: literals.sort() }]),
      ...(booleans.length === 2 ? [{ type: 'boolean' }] : booleans.map((one) => this.of(one, path))),
      ...others.map((one) => this.of(one, path)),
    ];
    const [only = {}] = all;
    return all.length === 1 ? only : { anyOf: all };
  }

  #tuple(type: ts.TypeReference, path: string): Schema {
    const { elementFlags, minLength } = type.target as ts.TupleType;
    const items = this.#checker.getTypeArguments(type);
    if (elementFlags.some((flag) => (flag & ts.ElementFlags.Variable) !== 0)) {
      const [rest = items[0]] = items.filter((_, at) => ((elementFlags[at] ?? 0) & ts.ElementFlags.Variable) !== 0);
      return {
        type: 'array',
        items: rest === undefined ? {} : this.of(rest, `${path}[]`),
        ...(minLength === 0 ? {} : { minItems: minLength }),
      };
    }
    const each = items.map((item, at) => this.of(item, `${path}[${at}]`));
    if (each.length === 0) return { type: 'array', maxItems: 0 };
    return { type: 'array', prefixItems: each, minItems: minLength, maxItems: each.length };
  }

  #object(type: ts.Type, path: string): Schema {
    const properties = this.#checker.getPropertiesOfType(type);
    const called = this.#checker.getSignaturesOfType(type, ts.SignatureKind.Call).length > 0;
    const isClass = type.isClass() || properties.some(({ flags }) => (flags & ts.SymbolFlags.Method) !== 0);
    const isPrivate = properties.some(({ name }) => name.startsWith('__#') || name.startsWith('__@'));
    if (called || isClass || isPrivate || this.#open.has(type)) throw notPlain(path, this.#checker.typeToString(type));
    this.#open.add(type);
    const members: Record<string, Schema> = {};
    const required: string[] = [];
    for (const property of properties) {
      const { name } = property;
      const of = this.#checker.getTypeOfSymbol(property);
      if (isNothing(of)) continue;
      const absent = (property.flags & ts.SymbolFlags.Optional) !== 0 || mayBeUndefined(of);
      if (!absent) required.push(name);
      const schema = this.of(of, `${path}.${name}`);
      const { documentation } = described(property, this.#checker);
      members[name] = { ...documentation, ...schema };
    }
    this.#open.delete(type);
    const index = this.#checker.getIndexInfosOfType(type).find(({ keyType }) => isText(keyType));
    return {
      type: 'object',
      ...(properties.length === 0 ? {} : { properties: members }),
      ...(required.length === 0 ? {} : { required: required.sort() }),
      ...(index === undefined ? {} : { additionalProperties: this.of(index.type, `${path}.*`) }),
    };
  }

  /** Of types that are declared in our own sources, not of each use of a generic one. */
  #nameOf(type: ts.Type): string | undefined {
    const { aliasSymbol, aliasTypeArguments = [] } = type;
    const symbol = aliasSymbol ?? (this.#isInterface(type) ? type.symbol : undefined);
    const generic =
      aliasSymbol === undefined ? this.#checker.getTypeArguments(type as ts.TypeReference) : aliasTypeArguments;
    if (symbol === undefined || symbol.name === '__type' || (generic ?? []).length > 0) return undefined;
    const file = symbol.declarations?.[0]?.getSourceFile().fileName ?? '';
    const isShort = (type.flags & (ts.TypeFlags.StringLike | ts.TypeFlags.NumberLike)) !== 0;
    return file.startsWith(this.#own) && !isShort ? symbol.name : undefined;
  }

  #isInterface(type: ts.Type): boolean {
    return type.isClassOrInterface() && !type.isClass();
  }
}

const gone = ts.TypeFlags.Undefined | ts.TypeFlags.Void;

function isNothing({ flags }: ts.Type): boolean {
  return (flags & (gone | ts.TypeFlags.Never)) !== 0;
}

function mayBeUndefined(type: ts.Type): boolean {
  return type.isUnion() && type.types.some(({ flags }) => (flags & gone) !== 0);
}

function isText({ flags }: ts.Type): boolean {
  return (flags & ts.TypeFlags.StringLike) !== 0;
}

function described(
  symbol: ts.Symbol | undefined,
  checker: ts.TypeChecker,
): { readonly documentation: { readonly description?: string } } {
  const text = ts
    .displayPartsToString(symbol?.getDocumentationComment(checker))
    .replaceAll(/\{@link (\w+)\}/g, '$1')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return { documentation: text === '' ? {} : { description: text } };
}

function notPlain(path: string, type: string): Error {
  return new Error(`${path} is ${type}, which is no plain data: JSON would not tell it`);
}
