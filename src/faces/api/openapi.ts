import { type VerbQuery, verbNamed } from '../../engine/verbs/table.ts';
import { jsonSchemaOf } from '../../engine/verbs/verb.ts';
import { roleFor } from './access.ts';
import { AnswerSchemas } from './answer-schemas.ts';
import { type Route, routes } from './routes.ts';
import { hookPaths } from './webhooks.ts';

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
    operationId: operationIdOf(here),
    summary: verbs.map(({ verb }) => verb.about).at(-1),
    description: verbs.map(({ verb }) => verb.about).join(' Or: '),
    ...(here[0]?.method === 'post'
      ? {
          parameters: [...inPathOf(here[0]), ...(verbs[0]?.verb.writes === 'nothing' ? [] : [idempotencyKey])],
          requestBody: bodyOf(jsonSchemaOf(withoutPath(here[0], verbs[0]?.verb.query ?? anything))),
        }
      : { parameters: [...inPathOf(here[0]), ...parameters.values()] }),
    'x-karma-role': roleFor(verbs[0]?.verb ?? { writes: 'nothing' }),
    responses: {
      [String(here[0]?.status ?? 200)]: {
        description: 'The answer.',
        content: { 'application/json': { schema: here[0]?.path === '/v1' ? { allOf: [schema, entrance] } : schema } },
      },
      ...(here[0]?.method === 'get' ? { '304': { description: 'As it was.' } } : {}),
      default: problem,
    },
  };
}

/** What is done once however often it is sent. */
const idempotencyKey = {
  ...{
    name: 'Idempotency-Key',
    in: 'header',
    description: 'Sent again, it is done once: for a day, for who sends it.',
  },
  // In quotes as the standard has it; many send it bare.
  schema: { type: 'string', pattern: '^("[ !#-\\[\\]-~]{1,255}"|[!#-\\[\\]-~]{1,255})$' },
};

const entrance = {
  type: 'object',
  properties: {
    limits: { type: 'object', properties: { url: { type: 'integer' } }, required: ['url'] },
    links: { type: 'array', items: { type: 'string' } },
  },
  required: ['limits', 'links'],
};

function namesInPath(route: Route | undefined): readonly string[] {
  return [...(route?.path.matchAll(/\{(\w+)\}/g) ?? [])].map(([, name = '']) => name);
}

function inPathOf(route: Route | undefined): readonly object[] {
  return namesInPath(route).map((name) => ({
    ...{ name, in: 'path', required: true },
    schema: { type: 'string', pattern: '^[A-Za-z0-9_.-]+$' },
  }));
}

/** What the path says is not said again. */
function withoutPath(route: Route | undefined, shape: VerbQuery): VerbQuery {
  const names = namesInPath(route);
  if (names.length === 0) return shape;
  return {
    ...shape,
    fields: Object.fromEntries(Object.entries(shape.fields).filter(([name]) => !names.includes(name))),
    required: (shape.required ?? []).filter((name) => !names.includes(name)),
  };
}

/** An empty parameter counts as none, so one that must be said is not empty. */
function saying(schema: Readonly<Record<string, unknown>>): object {
  return schema['type'] === 'string' ? { minLength: 1, ...schema } : schema;
}

function bodyOf(schema: object, type = 'application/json'): object {
  return { required: false, content: { [type]: { schema } } };
}

const anything = { kind: 'object', about: 'A query.', fields: {}, open: true } as const;

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
  return Object.entries(withoutPath(route, shape).fields).map(([name, field]) => {
    const must = shape.required?.includes(name) === true && !oneOfSeveral;
    const schema = jsonSchemaOf(field);
    return { name, in: 'query', ...(must ? { required: true, schema: saying(schema) } : { schema }) };
  });
}

/** The verb's name at the first path that asks it; generators of clients want each only once. */
function operationIdOf(here: readonly Route[]): string | undefined {
  const last = here.at(-1);
  const first = routes.find(({ verb }) => verb === last?.verb);
  if (last === undefined || first?.path === last.path) return last?.verb;
  return `${last.verb}-at${last.path.replace(/\W+/g, '-').replace(/-$/, '')}`;
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
    'x-karma-role': 'viewer',
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
    '/v1/ask': {
      post: {
        operationId: 'ask',
        summary: 'Any verb by its name, with its query as it is.',
        parameters: [idempotencyKey],
        // And what the verb takes.
        'x-karma-role': 'viewer',
        requestBody: {
          required: true,
          content: {
            'application/json': {
              schema: {
                type: 'object',
                properties: { verb: { type: 'string' }, query: { type: 'object' } },
                required: ['verb'],
                additionalProperties: false,
              },
            },
          },
        },
        responses: {
          '200': {
            description: 'The answer, and what was noted beside it.',
            content: {
              'application/json': {
                schema: {
                  type: 'object',
                  properties: {
                    verb: { type: 'string' },
                    answer: { type: 'object' },
                    notes: { type: 'array', items: { type: 'string' } },
                  },
                  required: ['verb', 'answer', 'notes'],
                },
              },
              // Asked for with `Accept`: `progress` as it comes along, then `answer` or `problem`.
              'text/event-stream': { [word]: { type: openapi === '3.2.0' ? 'object' : 'string' } },
            },
          },
          default: problem,
        },
      },
    },
    '/v1/events': {
      post: {
        operationId: 'take-event',
        parameters: [idempotencyKey],
        'x-karma-role': 'proposer',
        summary: 'Takes CloudEvents into the ledger: structured, in a batch, or with their attributes in headers.',
        requestBody: { required: true, content: { 'application/cloudevents+json': { schema: cloudEvent } } },
        responses: {
          '202': {
            description: 'Taken, or known already.',
            content: { 'application/json': { schema: { type: 'object', required: ['events'] } } },
          },
          default: problem,
        },
      },
    },
    ...Object.fromEntries(Object.entries(hookPaths).map(([path, sender]) => [path, { post: hook(sender) }])),
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

/** Signed by who sends it; no token is shown. */
function hook(sender: string): object {
  return {
    operationId: `hook-${sender}`,
    summary: `What ${sender} tells of a push: the repository is fetched.`,
    security: [],
    requestBody: { required: true, content: { 'application/json': { schema: { type: 'object' } } } },
    responses: {
      '202': {
        description: 'Taken; which repositories are fetched.',
        content: {
          'application/json': {
            schema: {
              type: 'object',
              properties: { fetches: { type: 'array', items: { type: 'string' } }, again: { type: 'boolean' } },
              required: ['fetches'],
            },
          },
        },
      },
      default: problem,
    },
  };
}

const cloudEvent = {
  type: 'object',
  properties: {
    specversion: { const: '1.0' },
    id: { type: 'string', minLength: 1 },
    source: { type: 'string', minLength: 1 },
    type: { type: 'string', minLength: 1 },
    subject: { type: 'string' },
    time: { type: 'string', format: 'date-time' },
    data: {},
  },
  required: ['id', 'source', 'type'],
};

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
