import { type VerbQuery, verbNamed } from '../../engine/verbs/table.ts';
import { jsonSchemaOf } from '../../engine/verbs/verb.ts';
import { AnswerSchemas } from './answer-schemas.ts';
import { type Route, routes } from './routes.ts';

/** The description of the service, made of the verbs' shapes: what validates a request is what is described. */
export async function openApi(version: string, openapi: '3.1.0' | '3.2.0'): Promise<object> {
  const answers = new AnswerSchemas();
  const paths: Record<string, Record<string, object>> = {};
  for (const path of [...new Set(routes.filter(({ alias }) => alias !== true).map((route) => route.path))]) {
    const here = routes.filter((route) => route.path === path);
    const methods: Record<string, object> = {};
    for (const method of [...new Set(here.map((route) => route.method))])
      methods[method] = await operationOf(
        here.filter((route) => route.method === method),
        answers,
      );
    paths[path] = methods;
  }
  Object.assign(paths, besides(openapi));
  return {
    openapi,
    info: { title: 'Karma', version, summary: 'What depends on what in an estate, and what a change will do.' },
    servers: [{ url: '/' }],
    paths,
    components: {
      schemas: { Problem: problemSchema, ...answers.parts },
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
    },
    // On this machine alone nobody shows one.
    security: [{}, { token: [] }],
  };
}

async function operationOf(here: readonly Route[], answers: AnswerSchemas): Promise<object> {
  const verbs = await Promise.all(here.map(async (route) => ({ route, verb: await verbNamed(route.verb) })));
  const parameters = new Map<string, object>();
  for (const { route, verb } of verbs)
    for (const one of parametersOf(route, verb.query, verbs.length > 1)) parameters.set(one.name, one);
  const [answer, ...others] = [...new Set(here.map(({ verb }) => verb))].map((verb) => answers.of(verb));
  const schema = others.length === 0 ? answer : { anyOf: [answer, ...others] };
  return {
    operationId: here.map(({ verb }) => verb).at(-1),
    summary: verbs.map(({ verb }) => verb.about).at(-1),
    description: verbs.map(({ verb }) => verb.about).join(' Or: '),
    parameters: [...parameters.values()],
    responses: {
      '200': {
        description: 'The answer.',
        content: { 'application/json': { schema: here[0]?.path === '/v1' ? { allOf: [schema, entrance] } : schema } },
      },
      '304': { description: 'As it was.' },
      default: problem,
    },
  };
}

const entrance = {
  type: 'object',
  properties: {
    limits: { type: 'object', properties: { url: { type: 'integer' } }, required: ['url'] },
    links: { type: 'array', items: { type: 'string' } },
  },
  required: ['limits', 'links'],
};

interface Parameter {
  readonly name: string;
  readonly in: 'query';
  readonly required?: true;
  readonly schema: object;
}

const spelt: Readonly<Record<string, readonly Parameter[]>> = {
  diff: ['from', 'to'].map((name) => ({ name, in: 'query', schema: { type: 'string' } })),
  'diff-environments': [{ name: 'environments', in: 'query', schema: { type: 'string', pattern: '^[^,]+,[^,]+$' } }],
};

function parametersOf(route: Route, shape: VerbQuery, oneOfSeveral: boolean): readonly Parameter[] {
  const own = spelt[route.verb];
  if (own !== undefined) return own;
  return Object.entries(shape.fields).map(([name, field]) => ({
    name,
    in: 'query' as const,
    ...(shape.required?.includes(name) === true && !oneOfSeveral ? { required: true as const } : {}),
    schema: jsonSchemaOf(field),
  }));
}

/** What no verb answers. */
function besides(openapi: string): Readonly<Record<string, Record<string, object>>> {
  const plain = (operationId: string, summary: string, type = 'text/plain') => ({
    get: {
      operationId,
      summary,
      responses: {
        '200': { description: summary, content: { [type]: { schema: { type: 'string' } } } },
        default: problem,
      },
    },
  });
  // A stream of events has a word of its own since 3.2.
  const word = openapi === '3.2.0' ? 'itemSchema' : 'schema';
  const stream = (operationId: string, summary: string, parameters: readonly object[]) => ({
    operationId,
    summary,
    parameters,
    responses: {
      '200': {
        description: summary,
        content: { 'text/event-stream': { [word]: { type: openapi === '3.2.0' ? 'object' : 'string' } } },
      },
      default: problem,
    },
  });
  const lastId = { name: 'Last-Event-ID', in: 'header', schema: { type: 'string' } };
  return {
    '/v1/log/stream': {
      get: stream('log-stream', 'Events of the ledger as they happen; each has its place as id.', [
        lastId,
        { name: 'after', in: 'query', schema: { type: 'integer' } },
      ]),
    },
    '/healthz': plain('healthz', 'The process answers.'),
    '/readyz': plain('readyz', 'What it needs is there.'),
    '/metrics': plain('metrics', 'Counts, in the text format of Prometheus.'),
    '/v1/openapi.json': {
      get: {
        operationId: 'openapi',
        summary: 'This document.',
        parameters: [{ name: 'openapi', in: 'query', schema: { enum: ['3.1', '3.2'] } }],
        responses: {
          '200': { description: 'OpenAPI.', content: { 'application/json': { schema: { type: 'object' } } } },
          default: problem,
        },
      },
    },
  };
}

const problem = { description: 'What is wrong.', content: { 'application/problem+json': { schema: ref('Problem') } } };

function ref(name: string): object {
  return { $ref: `#/components/schemas/${name}` };
}

const problemSchema = {
  type: 'object',
  properties: {
    type: { type: 'string', format: 'uri' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    instance: { type: 'string' },
    code: { type: 'string' },
    hint: { type: 'string' },
    retryable: { type: 'boolean' },
  },
  required: ['type', 'title', 'status', 'detail', 'code', 'retryable'],
};
