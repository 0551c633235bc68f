import type { EstateSettings } from '../../../model/estate.ts';
import { type Part, type Wildcards, wildcards } from '../../../model/wildcards.ts';

/** Words that name an environment when a folder or file is called so. */
const words =
  /^(dev|develop|development|devstg|test|testing|qa|uat|int|integration|stage|staging|stg|preprod|pre-prod|preproduction|prod|prd|production|sandbox|sbx|demo|dr|ephemeral|nonprod|non-prod)$/i;

/** Words that may name one, when no other step does. */
const weakWords = /^(live|shared|global|management|mgmt|common)$/i;

/** The environment of a component: what `karma.yaml` says of its path, else the step of the path that names one, else `''`. */
export function environmentOf(path: string, settings: EstateSettings): string {
  return environmentByPattern(path, settings) ?? environmentByName(path);
}

/** What `karma.yaml` says of a path; undefined when it says nothing. */
export function environmentByPattern(path: string, settings: EstateSettings): string | undefined {
  for (const { pattern, environment } of settings.environments ?? []) {
    const named = form(pattern).named(path);
    if (named !== undefined) return environment ?? named.environment ?? '';
  }
  return undefined;
}

/**
 * The step of a path that names an environment; `''` when none does. The innermost is the most exact (`non-prod/eu/qa/db` is
 * `qa`); the component's own folder counts only when no other step does.
 */
function environmentByName(path: string): string {
  const steps = path.split('/');
  const around = steps.slice(0, -1);
  for (const form of [words, weakWords])
    for (const among of [around, steps]) {
      const found = among.findLast((step) => form.test(step));
      if (found !== undefined) return found;
    }
  return '';
}

/** Whether an entry of `environments:` is about a path. */
export function fitsEnvironment({ pattern }: { readonly pattern: string }, path: string): boolean {
  return form(pattern).test(path);
}

function form(pattern: string): Wildcards {
  return wildcards(
    pattern.split(/(\*\*|\*|\{environment\})/).map((part, index): Part => {
      if (index % 2 === 0) return part;
      return part.startsWith('*') ? { run: part === '*' ? 'step' : 'all' } : environmentStep;
    }),
  );
}

const environmentStep: Part = { run: 'step', some: true, name: 'environment' };
