import type { BlindSpot } from '../../../model/claim.ts';
import type { Finding } from '../../../model/finding.ts';
import { findingAt } from '../../terraform/findings.ts';
import { templateOf } from '../../terraform/parameters.ts';
import { queriesOf } from '../../terraform/queries.ts';
import { withoutKeys } from '../../terraform/sinks.ts';
import type { Deployment } from './deployment.ts';
import { isPublic, parametersNamed } from './parameters.ts';

/** Data sources that read what other products or programs keep, and how people call those. */
const systems: readonly (readonly [form: RegExp, system: string])[] = [
  [/^vault_/, 'Vault'],
  [/^consul_(keys|key_prefix|service)/, 'Consul'],
  [/^aws_secretsmanager_(secret_version|random_password)/, 'AWS Secrets Manager'],
  [/^google_secret_manager_secret_version/, 'Google Secret Manager'],
  [/^azurerm_key_vault_(secret|key|certificate)/, 'Azure Key Vault'],
  [/^(onepassword|bitwarden|doppler|infisical)_/, 'a password store'],
  [/^sops_/, 'a SOPS file'],
  [/^kubernetes_(secret|config_map)/, 'a Kubernetes cluster'],
];

/**
 * What a root module reads that Karma cannot follow: systems of others, programs, and parameters whose name only a run could
 * know.
 */
export function foreignReads(
  id: string,
  { instance }: Deployment,
): {
  readonly findings: readonly Finding[];
  readonly blindSpots: readonly BlindSpot[];
} {
  const findings: Finding[] = [];
  const blindSpots: BlindSpot[] = [];
  for (const { address, resource } of queriesOf(instance, ({ mode }) => mode !== 'managed')) {
    const site = withoutKeys(address);
    const place = { site, file: resource.file, line: resource.at.line };
    if (resource.type === 'external') {
      findings.push(findingAt('program-unread', id, site, `${site} runs a program`, place));
      blindSpots.push({ component: id, code: 'program-unread', evidence: { rule: 'program-unread', ...place } });
    }
    const system = systems.find(([form]) => form.test(resource.type))?.[1];
    if (system !== undefined) findings.push(findingAt('foreign-read', id, site, `${site} reads ${system}`, place));
  }
  for (const { query, argument, name } of parametersNamed(instance)) {
    if (typeof name === 'string' || isPublic(templateOf(name) ?? '')) continue;
    const site = `${withoutKeys(query.address)}.${argument}`;
    const { file, body, at } = query.resource;
    const place = { site, file, line: body.attributes.get(argument)?.at.line ?? at.line };
    const message = `only a run could know which parameter ${query.address} reads`;
    findings.push(findingAt('unknown-path', id, site, message, place));
    blindSpots.push({ component: id, code: 'unknown-path', evidence: { rule: 'unknown-path', ...place } });
  }
  return { findings, blindSpots };
}
