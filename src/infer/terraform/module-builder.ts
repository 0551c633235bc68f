import type { At, Attribute, Block, Body, Expression, HclFile } from '../../hcl/tree.ts';
import type {
  Local,
  Module,
  ModuleCall,
  ModuleProblem,
  Output,
  PlacedBlock,
  Resource,
  ResourceMode,
  TerraformSettings,
  Variable,
} from './module.ts';
import { mergeBodies } from './override.ts';

/** Gathers one module from its files, in order. Override files change what is there; others must not repeat it. */
export class ModuleBuilder {
  readonly #problems: ModuleProblem[] = [];
  readonly #variables = new Map<string, PlacedBlock>();
  readonly #resources = new Map<string, PlacedBlock & { readonly mode: ResourceMode }>();
  readonly #outputs = new Map<string, PlacedBlock>();
  readonly #calls = new Map<string, PlacedBlock>();
  readonly #providers = new Map<string, PlacedBlock>();
  readonly #locals = new Map<string, Local>();
  readonly #checks: PlacedBlock[] = [];
  readonly #imports: PlacedBlock[] = [];
  readonly #actions: PlacedBlock[] = [];
  readonly #others: PlacedBlock[] = [];
  readonly #settings: PlacedBlock[] = [];
  readonly #written: PlacedBlock[] = [];
  readonly #requiredProviders = new Map<string, { source: string | undefined; version: string | undefined }>();
  #requiredVersion: string | undefined;
  #backend: TerraformSettings['backend'];
  #cloud: PlacedBlock | undefined;

  problem(problem: ModuleProblem): void {
    this.#problems.push(problem);
  }

  /** @param file its place in the estate. */
  add(file: string, parsed: HclFile, override: boolean): void {
    for (const error of parsed.errors)
      this.problem({ code: 'hcl-unreadable', key: file, message: error.message, file, at: error.at });
    for (const block of parsed.body.blocks) this.#block({ file, at: block.at, block }, override);
  }

  #block(placed: PlacedBlock, override: boolean): void {
    const { block } = placed;
    const [first = '', second = ''] = block.labels;
    const put = (map: Map<string, PlacedBlock>, name: string) => this.#put(map, name, placed, override);
    if (block.type === 'variable') put(this.#variables, first);
    else if (block.type === 'output') put(this.#outputs, first);
    else if (block.type === 'module') put(this.#calls, first);
    else if (block.type === 'provider') put(this.#providers, providerName(block));
    else if (block.type === 'resource') this.#resource(placed, 'managed', `${first}.${second}`, override);
    else if (block.type === 'data') this.#resource(placed, 'data', `data.${first}.${second}`, override);
    else if (block.type === 'ephemeral') this.#resource(placed, 'ephemeral', `ephemeral.${first}.${second}`, override);
    else if (block.type === 'locals') this.#addLocals(placed, override);
    else if (block.type === 'terraform') this.#terraform(placed, override);
    else if (block.type === 'import') this.#imports.push(placed);
    else if (block.type === 'action') this.#actions.push(placed);
    else if (block.type === 'check') {
      this.#checks.push(placed);
      for (const inner of block.body.blocks)
        if (inner.type === 'data') this.#block({ file: placed.file, at: inner.at, block: inner }, override);
    } else this.#others.push(placed);
  }

  #put<T extends PlacedBlock>(map: Map<string, T>, name: string, placed: T, override: boolean): void {
    const present = map.get(name);
    this.#duplicateArguments(placed);
    if (present === undefined) map.set(name, placed);
    else if (override)
      map.set(name, {
        ...present,
        block: { ...present.block, body: mergeBodies(present.block.body, placed.block.body) },
      });
    else this.#duplicate(`${placed.block.type} ${placed.block.labels.join('.')}`, placed.file, placed.at);
  }

  #resource(placed: PlacedBlock, mode: ResourceMode, address: string, override: boolean): void {
    this.#put(this.#resources, address, { ...placed, mode }, override);
  }

  #duplicateArguments({ file, block }: PlacedBlock): void {
    for (const { name, at } of block.body.duplicates)
      this.#duplicate(`${[block.type, ...block.labels].join('.')}.${name}`, file, at);
  }

  #duplicate(name: string, file: string, at: At): void {
    this.problem({ code: 'hcl-duplicate', key: name, message: `${name} is declared twice`, file, at });
  }

  #addLocals({ file, block }: PlacedBlock, override: boolean): void {
    for (const { name, value, at } of block.body.attributes.values()) {
      if (this.#locals.has(name) && !override) this.#duplicate(`local.${name}`, file, at);
      else this.#locals.set(name, { name, value, file, at });
    }
    for (const { name, at } of block.body.duplicates) this.#duplicate(`local.${name}`, file, at);
  }

  #terraform(placedBlock: PlacedBlock, override: boolean): void {
    const { file, block } = placedBlock;
    this.#written.push(placedBlock);
    this.#requiredVersion = constantText(block.body, 'required_version') ?? this.#requiredVersion;
    for (const inner of block.body.blocks) {
      const placed: PlacedBlock = { file, at: inner.at, block: inner };
      if (inner.type !== 'required_providers') this.#settings.push(placed);
      if (inner.type === 'required_providers')
        for (const attribute of inner.body.attributes.values()) this.#requireProvider(attribute);
      else if (inner.type === 'backend') {
        if (this.#backend !== undefined && !override) this.#duplicate('terraform.backend', file, inner.at);
        else this.#backend = { ...placed, type: inner.labels[0] ?? '' };
        if (override) this.#cloud = undefined;
      } else if (inner.type === 'cloud') {
        if (this.#cloud !== undefined && !override) this.#duplicate('terraform.cloud', file, inner.at);
        else this.#cloud = placed;
        if (override) this.#backend = undefined;
      }
    }
  }

  #requireProvider({ name, value }: Attribute): void {
    const member = (key: string): string | undefined =>
      value.kind === 'object' ? textOf(value.items.find((item) => textOf(item.key) === key)?.value) : undefined;
    this.#requiredProviders.set(name, {
      source: member('source'),
      version: value.kind === 'object' ? member('version') : textOf(value),
    });
  }

  finish(where: Pick<Module, 'repo' | 'path' | 'key' | 'files'>): Module {
    return {
      ...where,
      variables: new Map([...this.#variables].map(([name, placed]) => [name, variableOf(name, placed)])),
      locals: this.#locals,
      resources: new Map([...this.#resources].map(([address, placed]) => [address, resourceOf(address, placed)])),
      outputs: new Map([...this.#outputs].map(([name, placed]) => [name, outputOf(name, placed)])),
      calls: new Map([...this.#calls].map(([name, placed]) => [name, callOf(name, placed)])),
      providers: this.#providers,
      checks: this.#checks,
      imports: this.#imports,
      actions: this.#actions,
      others: this.#others,
      settings: {
        requiredVersion: this.#requiredVersion,
        requiredProviders: this.#requiredProviders,
        backend: this.#backend,
        cloud: this.#cloud,
        blocks: this.#settings,
        written: this.#written,
      },
      problems: this.#problems,
    };
  }
}

function providerName(block: Block): string {
  const alias = constantText(block.body, 'alias');
  const name = block.labels[0] ?? '';
  return alias === undefined ? name : `${name}.${alias}`;
}

/** A text that stands there as such; undefined for anything that must be evaluated. */
export function textOf(expr: Expression | undefined): string | undefined {
  return expr?.kind === 'literal' && typeof expr.value === 'string' ? expr.value : undefined;
}

export function constantText(body: Body, name: string): string | undefined {
  return textOf(body.attributes.get(name)?.value);
}

function isTrue(body: Body, name: string): boolean {
  const expr = body.attributes.get(name)?.value;
  return expr?.kind === 'literal' && (expr.value === true || expr.value === 'true');
}

function variableOf(name: string, { file, at, block: { body } }: PlacedBlock): Variable {
  const nullable = body.attributes.get('nullable')?.value;
  return {
    name,
    file,
    at,
    type: body.attributes.get('type')?.value,
    default: body.attributes.get('default')?.value,
    nullable: !(nullable?.kind === 'literal' && nullable.value === false),
    sensitive: isTrue(body, 'sensitive') || isTrue(body, 'ephemeral'),
    body,
  };
}

function resourceOf(address: string, placed: PlacedBlock & { readonly mode: ResourceMode }): Resource {
  const { file, at, block, mode } = placed;
  const [type = '', name = ''] = block.labels;
  const { body } = block;
  return { mode, type, name, address, file, at, body, ...repetition(body) };
}

function repetition(body: Body): { readonly count: Expression | undefined; readonly forEach: Expression | undefined } {
  return { count: body.attributes.get('count')?.value, forEach: body.attributes.get('for_each')?.value };
}

function outputOf(name: string, { file, at, block: { body } }: PlacedBlock): Output {
  return { name, file, at, value: body.attributes.get('value')?.value, sensitive: isTrue(body, 'sensitive'), body };
}

function callOf(name: string, { file, at, block: { body } }: PlacedBlock): ModuleCall {
  const [source, version] = [constantText(body, 'source'), constantText(body, 'version')];
  return { name, file, at, source, version, body, ...repetition(body) };
}
