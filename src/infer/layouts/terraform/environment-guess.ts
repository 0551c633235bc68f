import type { EstateSettings } from '../../../model/estate.ts';

/** Words that name an environment when a folder or file is called so. */
const words =
  /^(dev|develop|development|devstg|test|testing|qa|uat|int|integration|stage|staging|stg|preprod|pre-prod|preproduction|prod|prd|production|sandbox|sbx|demo|dr|ephemeral|nonprod|non-prod)$/i;

/** Words that may name one, when no other step does. */
const weakWords = /^(live|shared|global|management|mgmt|common)$/i;

/** The environment of a component: what `karma.yaml` says of its path, else the step of the path that names one, else `''`. */
export function environmentOf(path: string, settings: EstateSettings): string {
  for (const { pattern, environment } of settings.environments ?? []) {
    const match = form(pattern).exec(path);
    if (match !== null) return environment ?? match.groups?.environment ?? '';
  }
  const steps = path.split('/');
  return steps.find((step) => words.test(step)) ?? steps.find((step) => weakWords.test(step)) ?? '';
}

function form(pattern: string): RegExp {
  const source = pattern.split(/(\*\*|\*|\{environment\})/).map((part) => {
    if (part === '**') return '.*';
    if (part === '*') return '[^/]*';
    return part === '{environment}' ? '(?<environment>[^/]+)' : part.replace(/[\\^$.+?()[\]{}|]/g, '\\$&');
  });
  return new RegExp(`^${source.join('')}$`);
}
