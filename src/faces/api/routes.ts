import type { VerbName } from '../../engine/verbs/table.ts';

/** Where a verb is asked. Ids of components stand in the query: they hold slashes, colons and `#`. */
export interface Route {
  /** `/v1/changes/{id}`: what is in braces is one step of the path and a member of the query. */
  readonly path: string;
  readonly method: 'get' | 'post';
  readonly verb: VerbName;
  /** The same question under another path. */
  readonly alias?: true;
  /** The answer is the graph's alone, so it is as old as its version. */
  readonly ofGraph?: true;
  /** More goes into the answer than the graph, so it has no version; but it is answered at the newest one. */
  readonly newest?: true;
  /** Taken where these parameters are given; the first route of a path that fits is it. */
  readonly given?: readonly string[];
  /** Of an answer that went well, where it is not 200. */
  readonly status?: 201 | 202;
  /** Parameters that are spelt otherwise here than in the verb's query. */
  readonly from?: (parameters: URLSearchParams) => URLSearchParams;
}

function renamed(names: Readonly<Record<string, string>>): NonNullable<Route['from']> {
  return (parameters) => {
    const now = new URLSearchParams();
    for (const [name, value] of parameters)
      now.append(Object.hasOwn(names, name) ? (names[name] ?? name) : name, value);
    return now;
  };
}

/** `from=A&to=B` is the range `A..B`. */
function ranged(parameters: URLSearchParams): URLSearchParams {
  const now = new URLSearchParams(parameters);
  now.delete('from');
  now.delete('to');
  now.set('range', `${parameters.get('from') ?? ''}..${parameters.get('to') ?? ''}`);
  return now;
}

/** `environments=dev,prod` is the range `dev..prod`. */
function environments(parameters: URLSearchParams): URLSearchParams {
  const now = new URLSearchParams(parameters);
  now.delete('environments');
  now.set('range', (parameters.get('environments') ?? '').split(',').join('..'));
  return now;
}

export const routes: readonly Route[] = [
  { path: '/v1', method: 'get', verb: 'estate', newest: true },
  { path: '/v1/overview', method: 'get', verb: 'overview', ofGraph: true },
  { path: '/v1/components', method: 'get', verb: 'list', ofGraph: true },
  { path: '/v1/component', method: 'get', verb: 'show', newest: true },
  { path: '/v1/outputs', method: 'get', verb: 'outputs', ofGraph: true },
  { path: '/v1/impact', method: 'get', verb: 'impact-text', given: ['since', 'format'] },
  { path: '/v1/impact', method: 'get', verb: 'impact-since', given: ['since'] },
  { path: '/v1/impact', method: 'get', verb: 'impact', ofGraph: true },
  { path: '/v1/why', method: 'get', verb: 'causes', given: ['of'] },
  { path: '/v1/why', method: 'get', verb: 'why', ofGraph: true },
  { path: '/v1/order', method: 'get', verb: 'order-since', given: ['since'] },
  { path: '/v1/order', method: 'get', verb: 'order', ofGraph: true },
  { path: '/v1/diff', method: 'get', verb: 'diff-environments', given: ['environments'], from: environments },
  { path: '/v1/diff', method: 'get', verb: 'diff', from: ranged },
  { path: '/v1/findings', method: 'get', verb: 'check-since', given: ['since'] },
  { path: '/v1/findings', method: 'get', verb: 'check', newest: true },
  { path: '/v1/environments', method: 'get', verb: 'environments', ofGraph: true },
  { path: '/v1/environments/diff', method: 'get', verb: 'environment-diff' },
  { path: '/v1/environments/matrix', method: 'get', verb: 'environment-matrix' },
  { path: '/v1/runs', method: 'get', verb: 'runs' },
  { path: '/v1/runs', method: 'post', verb: 'run-ask', status: 202 },
  { path: '/v1/requests', method: 'get', verb: 'run-requests' },
  { path: '/v1/request', method: 'get', verb: 'run-request' },
  { path: '/v1/request/outcome', method: 'get', verb: 'run-outcome' },
  { path: '/v1/request/cancel', method: 'post', verb: 'run-cancel', status: 202 },
  { path: '/v1/run', method: 'get', verb: 'run' },
  { path: '/v1/run/log', method: 'get', verb: 'run-log' },
  { path: '/v1/deploys', method: 'get', verb: 'deploys' },
  { path: '/v1/lineage', method: 'get', verb: 'lineage' },
  { path: '/v1/status', method: 'get', verb: 'status', newest: true },
  { path: '/v1/config', method: 'get', verb: 'config' },
  { path: '/v1/config/validate', method: 'get', verb: 'config-validate' },
  { path: '/v1/config/validate', method: 'post', verb: 'config-try' },
  { path: '/v1/types', method: 'get', verb: 'types', ofGraph: true },
  { path: '/v1/type', method: 'get', verb: 'type', ofGraph: true },
  { path: '/v1/type/infer', method: 'get', verb: 'type-infer' },
  { path: '/v1/type/docs', method: 'get', verb: 'type-docs' },
  { path: '/v1/type/schema', method: 'get', verb: 'type-schema' },
  { path: '/v1/schemas', method: 'get', verb: 'schemas' },
  { path: '/v1/versions', method: 'get', verb: 'versions' },
  { path: '/v1/log', method: 'get', verb: 'log' },
  { path: '/v1/log/verify', method: 'get', verb: 'log-verify' },
  { path: '/v1/explain', method: 'get', verb: 'explain' },
  { path: '/v1/doctor', method: 'get', verb: 'doctor' },
  // Not as old as a version: who asks for it laid out anew moves things for all.
  { path: '/v1/graph', method: 'get', verb: 'picture', given: ['since'] },
  { path: '/v1/graph', method: 'get', verb: 'picture', newest: true },
  { path: '/v1/map', method: 'get', verb: 'map', ofGraph: true },
  { path: '/v1/picture', method: 'get', verb: 'draw', given: ['since'] },
  { path: '/v1/picture', method: 'get', verb: 'draw', newest: true },
  { path: '/v1/export', method: 'get', verb: 'export', ofGraph: true },
  { path: '/v1/modules', method: 'get', verb: 'modules' },
  { path: '/v1/changes', method: 'get', verb: 'changes' },
  { path: '/v1/changes', method: 'post', verb: 'change-propose', status: 201 },
  { path: '/v1/changes/{id}', method: 'get', verb: 'change' },
  { path: '/v1/changes/{id}/simulation', method: 'get', verb: 'change-simulation' },
  { path: '/v1/changes/{id}/simulate', method: 'post', verb: 'change-simulate' },
  { path: '/v1/changes/{id}/policy-input', method: 'get', verb: 'change-input' },
  { path: '/v1/policies/test', method: 'get', verb: 'policy-test' },
  { path: '/v1/policies/backtest', method: 'get', verb: 'policy-backtest' },
  { path: '/v1/changes/{id}/diff', method: 'get', verb: 'change-diff' },
  { path: '/v1/changes/{id}/plan', method: 'get', verb: 'change-plan-kept' },
  { path: '/v1/changes/{id}/plan', method: 'post', verb: 'change-plan-ask', status: 202 },
  { path: '/v1/changes/{id}/approve', method: 'post', verb: 'change-approve' },
  { path: '/v1/changes/{id}/reject', method: 'post', verb: 'change-reject' },
  { path: '/v1/changes/{id}/apply', method: 'post', verb: 'change-apply-ask', status: 202 },
  { path: '/v1/changes/{id}/resume', method: 'post', verb: 'change-resume-ask', status: 202 },
  { path: '/v1/changes/{id}/score', method: 'get', verb: 'change-score' },
  { path: '/v1/scores', method: 'get', verb: 'change-score' },
  { path: '/v1/changes/{id}/revert', method: 'post', verb: 'change-revert', status: 201 },
  { path: '/v1/changes/{id}/cancel', method: 'post', verb: 'change-cancel' },
  { path: '/v1/request-change', method: 'post', verb: 'request-change' },
  { path: '/request-change', method: 'post', verb: 'request-change', alias: true },
  { path: '/v1/graph/query', method: 'post', verb: 'graph-query' },
  { path: '/v1/build', method: 'post', verb: 'build' },
  { path: '/graph/query', method: 'post', verb: 'graph-query', alias: true },
  { path: '/graph', method: 'get', verb: 'export', ofGraph: true, alias: true },
  { path: '/log', method: 'get', verb: 'log', alias: true, from: renamed({ q: 'contains' }) },
];

/** What a path says for the names in braces of a route's; undefined where it is no path of that route. */
export function pathMembers({ path: form }: Pick<Route, 'path'>, path: string): Record<string, string> | undefined {
  if (form === path) return {};
  const [names, steps] = [form.split('/'), path.split('/')];
  if (!form.includes('{') || names.length !== steps.length) return undefined;
  const found: Record<string, string> = {};
  for (const [at, name] of names.entries()) {
    const step = steps[at] ?? '';
    if (!name.startsWith('{')) {
      if (name !== step) return undefined;
    } else if (step === '' || !/^[\w.-]+$/.test(step)) return undefined;
    else found[name.slice(1, -1)] = step;
  }
  return found;
}

/** The route of a request: of several at one path the first whose parameters are there. */
export function routeFor(method: string, path: string, parameters: URLSearchParams): Route | undefined {
  return routes.find(
    (route) =>
      route.method === (method === 'HEAD' ? 'get' : method.toLowerCase()) &&
      pathMembers(route, path) !== undefined &&
      (route.given ?? []).every((name) => parameters.has(name)),
  );
}
