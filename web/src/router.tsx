import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { Estate } from './pages/estate/estate.tsx';
import { NotFound } from './pages/not-found.tsx';
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
  component: lazyRouteComponent(() => import('./pages/components/components.tsx'), 'Components'),
  validateSearch: reads({ select: 'texts', status: 'text', sort: 'text', group: 'text' }),
});
const component = createRoute({
  getParentRoute: under,
  path: '/component',
  component: lazyRouteComponent(() => import('./pages/component/component.tsx'), 'Component'),
  validateSearch: reads({ id: 'text' }),
});

const graph = createRoute({
  getParentRoute: under,
  path: '/graph',
  component: lazyRouteComponent(() => import('./pages/graph/graph.tsx'), 'Graph'),
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
  component: lazyRouteComponent(() => import('./pages/impact/impact.tsx'), 'Impact'),
  validateSearch: reads({ of: 'texts', since: 'text' }),
});
const why = createRoute({
  getParentRoute: under,
  path: '/why',
  component: lazyRouteComponent(() => import('./pages/why/why.tsx'), 'Why'),
  validateSearch: reads({ of: 'text', from: 'text', to: 'text' }),
});
const compare = createRoute({
  getParentRoute: under,
  path: '/compare',
  component: lazyRouteComponent(() => import('./pages/compare/compare.tsx'), 'Compare'),
  validateSearch: reads({ from: 'text', to: 'text', environments: 'text' }),
});
const status = createRoute({
  getParentRoute: under,
  path: '/status',
  component: lazyRouteComponent(() => import('./pages/status/status.tsx'), 'Status'),
  validateSearch: reads({ word: 'text', select: 'texts' }),
});
const findings = createRoute({
  getParentRoute: under,
  path: '/findings',
  component: lazyRouteComponent(() => import('./pages/findings/findings.tsx'), 'Findings'),
  validateSearch: reads({ severity: 'text', code: 'text' }),
});
const runs = createRoute({
  getParentRoute: under,
  path: '/runs',
  component: lazyRouteComponent(() => import('./pages/runs/runs.tsx'), 'Runs'),
  validateSearch: reads({ id: 'text', component: 'text', state: 'text', deploy: 'text' }),
});
const ledger = createRoute({
  getParentRoute: under,
  path: '/ledger',
  component: lazyRouteComponent(() => import('./pages/ledger/ledger.tsx'), 'Ledger'),
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
    compare,
    status,
    findings,
    runs,
    ledger,
  ]),
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
