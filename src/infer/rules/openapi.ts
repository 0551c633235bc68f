import type { ConfigDocument } from '../../config/document.ts';
import { readJson } from '../../config/json-document.ts';
import { pointerStep } from '../../config/json-scan.ts';
import { isJsonObject } from '../../config/merge-patch.ts';
import { readYaml } from '../../config/yaml-document.ts';
import type { Need, Provide } from '../../model/claim.ts';
import type { Evidence } from '../../model/evidence.ts';
import { componentProvide } from './nickname-key.ts';
import { runtimeName } from './parameter-name.ts';
import { needKey, provideUnder, type Subject } from './subject.ts';

/**
 * Rule 5, OpenAPI: an API takes its routes from the document of its own nickname, the document is kept in the bucket of that
 * nickname, and each operation names the function behind it by `x-lambda-nickname`. The layout's own convention: no HCL says
 * so, a script resolves it. `$ref`s inside of the document do not matter.
 */
export const rule = 'openapi';

/** An operation that names its function. */
export interface Operation {
  readonly lambda: string;
  /** `GET /orders` */
  readonly route: string;
  readonly line: number;
}

export interface OpenApiDocument {
  readonly nickname: string;
  /** Its place in the estate. */
  readonly file: string;
  readonly digest: string;
  readonly operations: readonly Operation[];
  readonly problems: ConfigDocument['problems'];
}

const methods: ReadonlySet<string> = new Set([
  'get',
  'put',
  'post',
  'delete',
  'options',
  'head',
  'patch',
  'trace',
  'query',
]);
const named = 'x-lambda-nickname';

/** The operations of a document that name a function, by line. A document that names none is not parsed. */
export function readOperations(file: string, text: string): Pick<OpenApiDocument, 'operations' | 'problems'> {
  if (!text.includes(named)) return { operations: [], problems: [] };
  const document = file.endsWith('.json') ? readJson(text) : readYaml(text);
  const paths = isJsonObject(document.value) ? document.value.paths : undefined;
  const operations: Operation[] = [];
  for (const [path, item] of Object.entries(isJsonObject(paths) ? paths : {})) {
    for (const [method, operation] of Object.entries(isJsonObject(item) ? item : {})) {
      if (!methods.has(method.toLowerCase()) && !method.startsWith('x-')) continue;
      const lambda = isJsonObject(operation) ? operation[named] : undefined;
      if (typeof lambda !== 'string' || lambda === '') continue;
      const line = document.lineOf(`/paths${pointerStep(path)}${pointerStep(method)}/${named}`);
      operations.push({ lambda, route: `${method.toUpperCase()} ${path}`, line });
    }
  }
  return { operations: operations.sort((a, b) => a.line - b.line), problems: document.problems };
}

/** What the API needs of its document: where it is, or the document itself. */
export function documentNeed(subject: Subject, nickname: string, evidence: Omit<Evidence, 'rule'>): Need {
  return {
    key: needKey('param', subject, runtimeName(subject.prefix, 'openapi', nickname)),
    rule,
    origin: 'inferred',
    strength: 'proven',
    consumes: ['/definition', '/source'],
    // The document has one of the two: where it lies, or its text.
    tolerated: ['/definition', '/source'],
    evidence: { ...evidence, rule },
    whenMissing: 'quiet',
  };
}

/** One need a function, however many operations it serves. */
export function operationNeeds(subject: Subject, document: OpenApiDocument): Need[] {
  const firsts = new Map<string, Operation>();
  for (const operation of document.operations)
    if (!firsts.has(operation.lambda)) firsts.set(operation.lambda, operation);
  return [...firsts.values()].map(({ lambda, route, line }) => {
    const parameter = runtimeName(subject.prefix, 'lambda', lambda);
    return {
      key: needKey('param', subject, parameter),
      rule,
      origin: 'inferred',
      strength: 'proven',
      consumes: ['/arn'],
      evidence: { rule, site: `openapi#${route}`, file: document.file, line, parameter },
      whenMissing: 'dangling',
    };
  });
}

/** The bucket the document is kept in has its nickname. */
export function bucketNeed(subject: Subject, document: OpenApiDocument): Need {
  return {
    key: needKey('param', subject, runtimeName(subject.prefix, 's3-bucket', document.nickname)),
    rule,
    origin: 'inferred',
    strength: 'proven',
    consumes: ['/bucket_name'],
    evidence: { rule, site: 'openapi', file: document.file, line: 1 },
    whenMissing: 'quiet',
  };
}

/** The document's runtime, written by the script that publishes it. */
export function documentProvides(subject: Subject, document: OpenApiDocument): readonly Provide[] {
  const runtime = runtimeName(subject.prefix, 'openapi', document.nickname);
  const evidence = { rule, site: 'openapi', file: document.file, line: 1 };
  return [
    componentProvide(subject.id, runtime, evidence),
    ...provideUnder('param', subject, runtime, { runtime, alsoWritten: true, evidence }),
  ];
}
