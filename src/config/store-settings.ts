import { KarmaError } from '../model/errors.ts';
import type { Environment } from '../model/file-view.ts';
import type { KarmaFile } from './karma-file.ts';
import { isJsonObject } from './merge-patch.ts';
import { checkShape, type Shape } from './shape.ts';
import { graphShape, ledgerShape, parametersShape } from './stores-shape.ts';

/** Which adapter each store has, and who said so. Each is chosen by itself: any mix works. */
export interface StoreSettings {
  readonly ledger: Chosen<{ readonly kind: 'sqlite' } | ({ readonly kind: 'dynamodb' } & DynamoPlace)>;
  readonly graph: Chosen<{ readonly kind: 'sqlite' } | ({ readonly kind: 'neptune' } & NeptunePlace)>;
  readonly parameters: Chosen<{ readonly kind: 'sqlite' } | ({ readonly kind: 'ssm' } & SsmPlace)>;
}

/** `from` in words, for `karma doctor`: `karma.yaml:7`, `KARMA_LEDGER`, `convention`. */
type Chosen<T> = T & { readonly from: string };

/** What is not said follows the AWS SDK's own conventions. */
export interface AccountPlace {
  readonly region?: string;
  readonly profile?: string;
  readonly role?: string;
  readonly endpoint?: string;
}

export interface DynamoPlace extends AccountPlace {
  readonly table: string;
}

export interface NeptunePlace extends Pick<AccountPlace, 'region' | 'profile'> {
  readonly endpoint: string;
  readonly readerEndpoint?: string;
  readonly iam: boolean;
  readonly resourceId?: string;
  readonly language?: 'gremlin-lang';
}

export interface ReadingSettings {
  readonly decrypt?: boolean;
  /** Calls a second, over all who read. */
  readonly quota?: number;
  readonly quotaShare?: number;
  /** Seconds for which what was seen stands for questions. */
  readonly maxAge?: number;
}

export interface BindingPlace extends AccountPlace, ReadingSettings {
  readonly environment?: string;
}

export interface SsmPlace extends AccountPlace, ReadingSettings {
  readonly prefix?: string;
  readonly paths: readonly string[];
  readonly bindings: Readonly<Record<string, BindingPlace>>;
}

/**
 * The environment first, then `karma.yaml`, then the embedded stores. A variable holds a word (`KARMA_LEDGER=dynamodb`), the
 * place itself (`KARMA_LEDGER=dynamodb:TABLE`, `KARMA_GRAPH=https://…:8182`), or as JSON what `karma.yaml` would hold.
 * @throws KARMA_CONFIG_INVALID
 */
export function storeSettings(
  file: Pick<KarmaFile, 'file' | 'lineOf' | 'stores'> | undefined,
  env: Environment,
): StoreSettings {
  const said = (name: 'ledger' | 'graph' | 'parameters', shape: Shape) => {
    const variable = `KARMA_${name.toUpperCase()}`;
    const text = env[variable];
    if (text !== undefined && text !== '') return { value: fromVariable(variable, text, shape), from: variable };
    const value = file?.stores[name];
    if (file === undefined || value === undefined) return { value: 'sqlite', from: 'convention' };
    return { value, from: `${file.file}:${file.lineOf(`/stores/${name}`)}` };
  };
  const [ledger, graph] = [said('ledger', ledgerShape), said('graph', graphShape)];
  const parameters = said('parameters', parametersShape);
  const dynamodb = ledger.value === 'dynamodb' ? {} : part<Partial<DynamoPlace>>(ledger.value, 'dynamodb');
  const neptune = part<Partial<NeptunePlace> & Pick<NeptunePlace, 'endpoint'>>(graph.value, 'neptune');
  const ssm = parameters.value === 'ssm' ? {} : part<Partial<SsmPlace>>(parameters.value, 'ssm');
  return {
    ledger:
      dynamodb === undefined
        ? { kind: 'sqlite', from: ledger.from }
        : { table: 'karma', ...dynamodb, kind: 'dynamodb', from: ledger.from },
    graph:
      neptune === undefined
        ? { kind: 'sqlite', from: graph.from }
        : { iam: true, ...neptune, kind: 'neptune', from: graph.from },
    parameters:
      ssm === undefined
        ? { kind: 'sqlite', from: parameters.from }
        : { paths: ['/external'], bindings: {}, ...ssm, kind: 'ssm', from: parameters.from },
  };
}

/** A member of a value whose shape was checked. */
function part<T extends object>(value: unknown, name: string): T | undefined {
  const member = isJsonObject(value) ? value[name] : undefined;
  return isJsonObject(member) ? (member as T) : undefined;
}

function fromVariable(variable: string, text: string, shape: Shape): unknown {
  const value = readVariable(variable, text);
  const [first] = checkShape(shape, value);
  if (first === undefined) return value;
  const place = first.pointer === '' ? '' : `${first.pointer.slice(1).replaceAll('/', '.')}: `;
  throw new KarmaError(
    'KARMA_CONFIG_INVALID',
    `${variable}: ${place}${first.message.replace('the file', 'its value')}`,
    {
      hint: first.hint ?? 'a word such as sqlite, or as JSON what `stores:` in karma.yaml would hold',
      details: { variable },
    },
  );
}

function readVariable(variable: string, text: string): unknown {
  if (variable === 'KARMA_GRAPH' && /^https?:\/\//.test(text)) return { neptune: { endpoint: text } };
  const table = /^dynamodb:(.+)$/.exec(text)?.[1];
  if (variable === 'KARMA_LEDGER' && table !== undefined) return { dynamodb: { table } };
  if (!text.trimStart().startsWith('{')) return text;
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message quotes the text.
    throw new KarmaError('KARMA_CONFIG_INVALID', `${variable} begins with { and is no JSON`, { details: { variable } });
  }
}
