import { createHashHistory, createRootRoute, createRoute, createRouter } from '@tanstack/react-router';
import { snapshotOfPage } from './api/from-snapshot.ts';
import { Changes } from './pages/changes/changes.tsx';
import { Compare } from './pages/compare/compare.tsx';
import { Component } from './pages/component/component.tsx';
import { Components } from './pages/components/components.tsx';
import { Compose } from './pages/compose/compose.tsx';
import { Create } from './pages/edit/create.tsx';
import { Edit } from './pages/edit/edit.tsx';
import { Estate } from './pages/estate/estate.tsx';
import { Findings } from './pages/findings/findings.tsx';
import { Graph } from './pages/graph/graph.tsx';
import { Impact } from './pages/impact/impact.tsx';
import { Ledger } from './pages/ledger/ledger.tsx';
import { NotFound } from './pages/not-found.tsx';
import { Runs } from './pages/runs/runs.tsx';
import { Status } from './pages/status/status.tsx';
import { Why } from './pages/why/why.tsx';
import { ProblemCard } from './parts/problem-card.tsx';
import { parseSearch, reads, stringifySearch } from './search.ts';
import { Shell } from './shell/shell.tsx';

/** Every view has its URL: what is asked, and as of when. */
const root = createRootRoute({
  component: Shell,
  notFoundComponent: NotFound,
  validateSearch: reads({ at: 'text' }),
});

const under = () => root;
const estate = createRoute({
  getParentRoute: under,
  path: '/',
  component: Estate,
  validateSearch: reads({ show: 'text', group: 'text', open: 'texts' }),
});
const components = createRoute({
  getParentRoute: under,
  path: '/components',
  component: Components,
  validateSearch: reads({ select: 'texts', status: 'text', sort: 'text', group: 'text' }),
});
const component = createRoute({
  getParentRoute: under,
  path: '/component',
  component: Component,
  validateSearch: reads({ id: 'text' }),
});

const graph = createRoute({
  getParentRoute: under,
  path: '/graph',
  component: Graph,
  validateSearch: reads({
    root: 'texts',
    select: 'texts',
    depth: 'count',
    direction: 'text',
    group: 'text',
    open: 'texts',
    from: 'text',
    to: 'text',
    hide: 'texts',
    find: 'texts',
    dependenciesOf: 'texts',
    dependentsOf: 'texts',
    impactOf: 'texts',
    compare: 'text',
    since: 'text',
  }),
});
const impact = createRoute({
  getParentRoute: under,
  path: '/impact',
  component: Impact,
  validateSearch: reads({ of: 'texts', since: 'text' }),
});
const why = createRoute({
  getParentRoute: under,
  path: '/why',
  component: Why,
  validateSearch: reads({ of: 'text', from: 'text', to: 'text' }),
});
const changes = createRoute({
  getParentRoute: under,
  path: '/changes',
  component: Changes,
  validateSearch: reads({ id: 'text', all: 'flag', scores: 'flag', plan: 'flag' }),
});
const edit = createRoute({
  getParentRoute: under,
  path: '/edit',
  component: Edit,
  validateSearch: reads({ id: 'text', revise: 'text' }),
});
const create = createRoute({
  getParentRoute: under,
  path: '/new',
  component: Create,
  validateSearch: reads({ type: 'text', environment: 'text', name: 'text', from: 'text' }),
});
const compose = createRoute({
  getParentRoute: under,
  path: '/compose',
  component: Compose,
  validateSearch: reads({ revise: 'text' }),
});
const compare = createRoute({
  getParentRoute: under,
  path: '/compare',
  component: Compare,
  validateSearch: reads({ from: 'text', to: 'text', environments: 'text' }),
});
const status = createRoute({
  getParentRoute: under,
  path: '/status',
  component: Status,
  validateSearch: reads({ word: 'text', select: 'texts' }),
});
const findings = createRoute({
  getParentRoute: under,
  path: '/findings',
  component: Findings,
  validateSearch: reads({ severity: 'text', code: 'text' }),
});
const runs = createRoute({
  getParentRoute: under,
  path: '/runs',
  component: Runs,
  validateSearch: reads({
    id: 'text',
    component: 'text',
    state: 'text',
    deploy: 'text',
    asked: 'flag',
    request: 'text',
  }),
});
const ledger = createRoute({
  getParentRoute: under,
  path: '/ledger',
  component: Ledger,
  validateSearch: reads({ action: 'text', subject: 'text', contains: 'text', limit: 'count' }),
});

export const router = createRouter({
  routeTree: root.addChildren([
    estate,
    components,
    component,
    graph,
    impact,
    why,
    changes,
    edit,
    create,
    compose,
    compare,
    status,
    findings,
    runs,
    ledger,
  ]),
  // Files have no addresses below them: what is looked at stands behind the `#`.
  ...(snapshotOfPage() === undefined ? {} : { history: createHashHistory() }),
  parseSearch,
  stringifySearch,
  defaultPreload: 'intent',
  defaultErrorComponent: ({ error, reset }) => <ProblemCard error={error} retry={reset} />,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
