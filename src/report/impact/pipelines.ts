import { severalDeployments } from '../../graph/deployments.ts';
import type { Graph } from '../../graph/graph.ts';
import { mustHaveOrder, type Order } from '../../graph/operations/order.ts';
import type { ComponentId } from '../../model/component.ts';
import { gitlabVariable, yamlString } from '../../model/quote.ts';

/** An order as work for other programs: job matrices by wave, a child pipeline. All sorted as the order is. */

export interface Job {
  readonly component: ComponentId;
  readonly path: string;
  /** Of its path, else the deployment's name. */
  readonly environment: string;
  readonly account: string;
  /** Of a component that has several, which: a job for each. */
  readonly deployment?: string;
  readonly wave: number;
}

/** Of several deployments, those that must run; undefined: all. */
export type DeploymentsOf = (component: ComponentId) => readonly string[] | undefined;

const every: DeploymentsOf = () => undefined;

/** GitHub runs at most this many jobs of one matrix. */
const githubLimit = 256;

/** The jobs of an order, wave by wave. @throws KARMA_REFUSED for a cycle: nobody can say which of its members comes first */
export function jobsOf(graph: Graph, order: Order, deploymentsOf: DeploymentsOf = every): Job[] {
  mustHaveOrder(order);
  return order.steps.flatMap(({ components, wave }) =>
    components.flatMap((component) => {
      const node = graph.node(component);
      const row = node === undefined ? undefined : graph.component(node);
      const job = {
        component,
        path: row?.path ?? '',
        environment: row?.environment ?? '',
        account: row?.attributes.account ?? '',
        wave,
      };
      const several = row === undefined ? [] : severalDeployments(row);
      if (several.length === 0) return [job];
      return (deploymentsOf(component) ?? several).map((deployment) => ({
        ...job,
        environment: job.environment || deployment,
        deployment,
      }));
    }),
  );
}

/**
 * A matrix a wave for GitHub Actions: `{"waves":2,"matrix":[{"include":[…]},{"include":[…]}]}`; a job of wave n takes
 * `matrix[n]` and needs the job of wave n − 1. A wave with more jobs than GitHub allows is split into several.
 */
export function githubMatrix(jobs: readonly Job[]): string {
  const waves = Map.groupBy(jobs, (job) => job.wave);
  const matrix = [...waves.values()].flatMap((wave) => {
    const parts: { readonly include: readonly Omit<Job, 'wave'>[] }[] = [];
    for (let from = 0; from < wave.length; from += githubLimit) {
      parts.push({ include: wave.slice(from, from + githubLimit).map(({ wave: _wave, ...job }) => job) });
    }
    return parts;
  });
  return JSON.stringify({ waves: matrix.length, matrix });
}

/** GitLab allows a job to need at most this many others; beyond it a job waits for the stage before. */
const gitlabNeeds = 50;

/**
 * A child pipeline for GitLab: a stage a wave, a job a component that starts as soon as what it waits for is done. Each job
 * extends `.karma`, which the including file defines, and gets `KARMA_COMPONENT` and `KARMA_PATH`.
 */
export function gitlabPipeline(graph: Graph, order: Order, deploymentsOf: DeploymentsOf = every): string {
  const jobs = Map.groupBy(jobsOf(graph, order, deploymentsOf), ({ component }) => component);
  const named = (component: ComponentId): string[] => (jobs.get(component) ?? []).map(jobName);
  const lines = ['stages:', ...order.waves.map((_, wave) => `  - wave-${wave}`)];
  if (jobs.size === 0)
    lines.splice(0, lines.length, 'stages: [wave-0]', 'nothing:', '  stage: wave-0', '  script: ["true"]');
  for (const { components, wave, waitsFor } of order.steps) {
    for (const job of components.flatMap((component) => jobs.get(component) ?? [])) {
      const needs = waitsFor.flatMap((step) => order.steps[step]?.components ?? []).flatMap(named);
      lines.push(
        `${yamlString(jobName(job))}:`,
        '  extends: .karma',
        `  stage: wave-${wave}`,
        ...(needs.length <= gitlabNeeds ? [`  needs: [${needs.map(yamlString).join(', ')}]`] : []),
        '  variables:',
        `    KARMA_COMPONENT: ${gitlabVariable(job.component)}`,
        `    KARMA_PATH: ${gitlabVariable(job.path)}`,
        ...(job.deployment === undefined ? [] : [`    KARMA_DEPLOYMENT: ${gitlabVariable(job.deployment)}`]),
      );
    }
  }
  return `${lines.join('\n')}\n`;
}

function jobName(job: Job): string {
  return `karma ${wordOf(job)}`;
}

/** A job in a word: its component, and which deployment of several. */
export function wordOf({ component, deployment }: Job): string {
  return deployment === undefined ? component : `${component} ${deployment}`;
}
