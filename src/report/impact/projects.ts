import { posix } from 'node:path';
import type { Graph } from '../../graph/graph.ts';
import type { Order } from '../../graph/operations/order.ts';
import type { ComponentId, LayoutName } from '../../model/component.ts';
import { yamlString } from '../../model/quote.ts';
import type { RootRun } from '../../model/run-setup.ts';
import { type DeploymentsOf, jobsOf, wordOf } from './pipelines.ts';

/** An order as projects of programs that run Terraform in pull requests: one for each component, and for each of several deployments. */

/** With which files and workspace a deployment runs, where that is known. */
export type RunOf = (component: ComponentId, deployment: string) => RootRun | undefined;

interface ProjectsOptions {
  readonly deploymentsOf?: DeploymentsOf;
  readonly runOf?: RunOf;
}

interface Project {
  readonly name: string;
  readonly dir: string;
  readonly layout: LayoutName | undefined;
  readonly wave: number;
  readonly dependsOn: readonly string[];
  readonly run: RootRun | undefined;
}

function projectsOf(graph: Graph, order: Order, { deploymentsOf, runOf }: ProjectsOptions): Project[] {
  const jobs = Map.groupBy(jobsOf(graph, order, deploymentsOf), ({ component }) => component);
  const names = projectNames([...jobs.values()].flat().map(wordOf));
  const nameOf = (job: Parameters<typeof wordOf>[0]): string => names.get(wordOf(job)) ?? job.component;
  return order.steps.flatMap(({ components, wave, waitsFor }) => {
    const waited = waitsFor.flatMap((step) => order.steps[step]?.components ?? []);
    const dependsOn = waited.flatMap((component) => jobs.get(component) ?? []).map(nameOf);
    return components
      .flatMap((component) => jobs.get(component) ?? [])
      .map((job): Project => {
        const node = graph.node(job.component);
        return {
          name: nameOf(job),
          dir: job.path || '.',
          layout: node === undefined ? undefined : graph.component(node).layout,
          wave,
          dependsOn,
          run: job.deployment === undefined ? undefined : runOf?.(job.component, job.deployment),
        };
      });
  });
}

/** `atlantis.yaml`: a project a component or deployment, in groups by wave, each depending on what it waits for. */
export function atlantisConfig(graph: Graph, order: Order, options: ProjectsOptions = {}): string {
  const projects = projectsOf(graph, order, options);
  const lines = [
    'version: 3',
    'parallel_plan: true',
    'parallel_apply: true',
    'abort_on_execution_order_fail: true',
    projects.length === 0 ? 'projects: []' : 'projects:',
    ...projects.flatMap(({ name, dir, wave, dependsOn, run }) => [
      `  - name: ${yamlString(name)}`,
      `    dir: ${yamlString(dir)}`,
      ...(run?.workspace === undefined ? [] : [`    workspace: ${yamlString(run.workspace)}`]),
      `    execution_order_group: ${wave}`,
      ...dependsOnLine(dependsOn),
    ]),
  ];
  return `${lines.join('\n')}\n`;
}

/** `digger.yml`: the same in layers; what a deployment is handed stands in a workflow of its own. */
export function diggerConfig(graph: Graph, order: Order, options: ProjectsOptions = {}): string {
  const projects = projectsOf(graph, order, options);
  const handed = projects.filter(({ run }) => run !== undefined && run.varFiles.length + run.backendFiles.length > 0);
  const own = new Set(handed);
  const lines = [
    'respect_layers: true',
    projects.length === 0 ? 'projects: []' : 'projects:',
    ...projects.flatMap((project) => [
      `  - name: ${yamlString(project.name)}`,
      `    dir: ${yamlString(project.dir)}`,
      ...(project.run?.workspace === undefined ? [] : [`    workspace: ${yamlString(project.run.workspace)}`]),
      ...(project.layout === 'terragrunt' ? ['    terragrunt: true'] : []),
      ...(own.has(project) ? [`    workflow: ${yamlString(project.name)}`] : []),
      `    layer: ${project.wave}`,
      ...dependsOnLine(project.dependsOn),
    ]),
    ...(handed.length === 0 ? [] : ['workflows:', ...handed.flatMap(workflowOf)]),
  ];
  return `${lines.join('\n')}\n`;
}

function workflowOf({ name, dir, run }: Project): string[] {
  const from = (path: string) => posix.relative(dir === '.' ? '' : dir, path);
  const list = (flag: string, files: readonly string[]) =>
    `[${files.map((file) => yamlString(`${flag}=${from(file)}`)).join(', ')}]`;
  const step = (action: string, flag: string, files: readonly string[] = []) => [
    `        - ${action}:`,
    ...(files.length === 0 ? [] : [`          extra_args: ${list(flag, files)}`]),
  ];
  const steps = (action: 'plan' | 'apply') => [
    `    ${action}:`,
    '      steps:',
    ...step('init', '-backend-config', run?.backendFiles),
    // What is applied is the plan that was made: it holds its variables.
    ...(action === 'plan' ? step('plan', '-var-file', run?.varFiles) : step('apply', '')),
  ];
  return [`  ${yamlString(name)}:`, ...steps('plan'), ...steps('apply')];
}

function dependsOnLine(names: readonly string[]): string[] {
  return names.length === 0 ? [] : [`    depends_on: [${names.map(yamlString).join(', ')}]`];
}

/** Both take letters, digits and a few signs, and no slash; two ids must not become one name. */
function projectNames(ids: readonly ComponentId[]): ReadonlyMap<ComponentId, string> {
  const names = new Map<ComponentId, string>();
  const taken = new Set<string>();
  for (const id of ids) {
    const plain = id.replaceAll('/', '_').replace(/[^\w.-]/g, '-');
    let name = plain;
    for (let number = 2; taken.has(name); number++) name = `${plain}-${number}`;
    taken.add(name);
    names.set(id, name);
  }
  return names;
}
