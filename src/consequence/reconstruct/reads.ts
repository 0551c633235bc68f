import { byCodeUnit } from '../../model/digest.ts';
import { type Pointer, wholeRuntime } from '../../model/pointer.ts';
import type { ConsumedPointer, Seal } from '../../model/record.ts';
import { digestAt } from '../digests.ts';
import { asObject, asText, type JsonObject, parseObject } from './read.ts';

/**
 * What a state or plan shows of a read: a data block keeps the value it got. Such values are digested with the key whatever
 * their own flags say, because a producer's sensitive output stands there in clear.
 */
export type RuntimeRead =
  | { readonly kind: 'parameter'; readonly name: string; readonly value: unknown; readonly version?: string }
  | {
      readonly kind: 'state';
      readonly backend: string;
      readonly config: JsonObject;
      readonly workspace: string;
      readonly value: unknown;
    };

/** Whose runtime it is and which pointers of it the consumer uses; undefined: nobody's in this estate. */
export type ReadResolver = (
  read: RuntimeRead,
) => { readonly provider: string; readonly runtime: string; readonly consumes: readonly Pointer[] } | undefined;

/** The read that a data block shows; undefined when it is of another kind. */
export function readOf(type: string, attributes: JsonObject): RuntimeRead | undefined {
  if (type === 'aws_ssm_parameter') {
    const name = asText(attributes.name);
    const text = asText(attributes.value) ?? asText(attributes.insecure_value);
    if (name === undefined || text === undefined) return undefined;
    const version = attributes.version;
    return {
      kind: 'parameter',
      name,
      value: parseObject(text) ?? text,
      ...(typeof version === 'number' ? { version: String(version) } : {}),
    };
  }
  if (type !== 'terraform_remote_state') return undefined;
  const backend = asText(attributes.backend);
  const value = unwrap(attributes.outputs);
  if (backend === undefined || value === undefined) return undefined;
  return {
    kind: 'state',
    backend,
    config: asObject(unwrap(attributes.config)) ?? {},
    workspace: asText(attributes.workspace) ?? 'default',
    value,
  };
}

/** Dynamic attributes stand in a state as `{ value, type }`, in a plan as they are. */
function unwrap(value: unknown): unknown {
  const object = asObject(value);
  return object !== undefined && 'value' in object && 'type' in object && Object.keys(object).length === 2
    ? object.value
    : value;
}

/** The pointers a read shows, digested; where the consumer's pointers are not known, the whole of it. */
export function consumedBy(reads: readonly RuntimeRead[], resolve: ReadResolver, seal: Seal): ConsumedPointer[] {
  const found = new Map<string, ConsumedPointer>();
  for (const read of reads) {
    const target = resolve(read);
    if (target === undefined) continue;
    const document = { value: read.value, sensitive: [wholeRuntime] };
    const pointers = target.consumes.length === 0 ? [wholeRuntime] : target.consumes;
    for (const pointer of pointers) {
      const name = `${target.provider}\n${target.runtime}\n${pointer}`;
      const version = read.kind === 'parameter' && read.version !== undefined ? { version: read.version } : {};
      found.set(name, {
        provider: target.provider,
        runtime: target.runtime,
        pointer,
        digest: digestAt(document, pointer, seal),
        ...version,
      });
    }
  }
  return [...found].sort(([a], [b]) => byCodeUnit(a, b)).map(([, one]) => one);
}

/** The address a `terraform_remote_state` names, as far as its backend's config tells: `s3://bucket/key`. */
export function stateAddress(backend: string, config: JsonObject, workspace = 'default'): string | undefined {
  const text = (name: string) => asText(config[name]);
  if (backend === 'local') return text('path') === undefined ? undefined : `local:${text('path')}`;
  if (backend === 's3') {
    const bucket = text('bucket');
    const key = text('key');
    if (bucket === undefined || key === undefined) return undefined;
    const prefix = workspace === 'default' ? '' : `${text('workspace_key_prefix') ?? 'env:'}/${workspace}/`;
    return `s3://${bucket}/${prefix}${key}`;
  }
  if (backend === 'gcs') {
    const bucket = text('bucket');
    return bucket === undefined ? undefined : `gcs://${bucket}/${text('prefix') ?? ''}/${workspace}.tfstate`;
  }
  if (backend === 'azurerm') {
    const parts = [text('storage_account_name'), text('container_name'), text('key')];
    return parts.includes(undefined) ? undefined : `azurerm://${parts.join('/')}`;
  }
  return undefined;
}
