import { getJson, type HttpOptions } from './http.ts';
import { FetchTrouble } from './trouble.ts';
import { newestFitting } from './version-constraint.ts';

/** Where a registry hands out a module: a version, and a source that Terraform would fetch. */
export interface RegistryModule {
  readonly version: string;
  /** As the registry says it: `git::https://…?ref=…`, an archive's URL. */
  readonly source: string;
}

const defaultHost = 'registry.terraform.io';

/** `host/namespace/name/provider`; without a host it is Terraform's own registry. */
export function registryAddress(written: string): { readonly host: string; readonly path: string } {
  const steps = written.split('/');
  return steps.length === 3
    ? { host: defaultHost, path: written }
    : { host: steps[0] ?? '', path: steps.slice(1).join('/') };
}

/**
 * The newest version that fits, by the module registry protocol.
 * https://developer.hashicorp.com/terraform/internals/module-registry-protocol
 * @throws FetchTrouble
 */
export async function findInRegistry(
  address: string,
  constraint: string,
  options: HttpOptions,
): Promise<RegistryModule> {
  const { host, path } = registryAddress(address);
  const base = await modulesService(host, options);
  const listed = await getJson(new URL(`${path}/versions`, base), options);
  const version = newestFitting(versionsIn(listed.json), constraint);
  if (version === undefined)
    throw new FetchTrouble(
      constraint === ''
        ? `${host} has no version of ${path}`
        : `${host} has no version of ${path} that fits \`${constraint}\``,
    );
  const place = new URL(`${path}/${version}/download`, base);
  const { json, got } = await getJson(place, options);
  const location = got.headers.get('x-terraform-get') ?? text(json, 'location');
  if (location === undefined) throw new FetchTrouble(`${host} does not say where ${path} ${version} lies`);
  const isRelative = /^(?:\.{0,2}\/)/.test(location);
  return { version, source: isRelative ? new URL(location, place).href : location };
}

/** Remote service discovery; only a host of this machine is asked without TLS. */
async function modulesService(host: string, options: HttpOptions): Promise<URL> {
  const scheme = /^(?:localhost|127\.0\.0\.1)(?::\d+)?$/.test(host) ? 'http' : 'https';
  if (!/^[a-z0-9.-]+(?::\d+)?$/i.test(host)) throw new FetchTrouble(`\`${host}\` is no host`);
  const place = new URL(`${scheme}://${host}/.well-known/terraform.json`);
  const { json } = await getJson(place, options);
  const service = text(json, 'modules.v1');
  if (service === undefined) throw new FetchTrouble(`${host} is no module registry`);
  return new URL(service.endsWith('/') ? service : `${service}/`, place);
}

function versionsIn(json: unknown): string[] {
  const [module] = list(member(json, 'modules'));
  return list(member(module, 'versions')).flatMap((one) => text(one, 'version') ?? []);
}

function member(value: unknown, name: string): unknown {
  return value !== null && typeof value === 'object' && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function text(value: unknown, name: string): string | undefined {
  const found = member(value, name);
  return typeof found === 'string' && found !== '' ? found : undefined;
}
