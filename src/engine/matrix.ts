import type { Graph } from '../graph/graph.ts';
import type { Order } from '../graph/operations/order.ts';
import { githubMatrix, gitlabPipeline, jobsOf } from '../report/impact/pipelines.ts';

/** An order as a job matrix for GitHub, or as a pipeline for GitLab. */
export function matrixOf(graph: Graph, order: Order, format: 'matrix' | 'gitlab'): string {
  return format === 'matrix' ? githubMatrix(jobsOf(graph, order)) : gitlabPipeline(graph, order);
}
