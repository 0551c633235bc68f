import type { Value } from '../../hcl/value.ts';
import type { Need, Provide } from '../../model/claim.ts';
import type { Evidence } from '../../model/evidence.ts';
import { tableOf } from '../../model/table.ts';
import { needKey, provideUnder, type Subject } from './subject.ts';

/**
 * Rule 4, lookup by name: a `data "T"` whose argument evaluates to what a `resource "T"` of another component of the
 * environment gets. Only resource types listed here take part: for them one argument names the thing within an account.
 * Equality of any other values is never more than a hint.
 */
export const rule = 'lookup-by-name';

interface NamedType {
  /** The argument of the data source that holds the name. */
  readonly asks: string;
  /** The argument of the resource that gives it; default: the same. */
  readonly gives?: string;
  /** Which outputs an attribute of the data source surely stands for, by the estates' naming. Others: any of them. */
  readonly outputs?: Readonly<Record<string, string>>;
  readonly normalise?: (name: string) => string;
}

/** DNS names have no case, and may end in the root's dot. */
const dnsName = (name: string): string => name.toLowerCase().replace(/\.$/, '');

const named = tableOf<NamedType>({
  aws_route53_zone: {
    asks: 'name',
    normalise: dnsName,
    outputs: { zone_id: '/zone_id', name_servers: '/name_servers' },
  },
  aws_acm_certificate: { asks: 'domain', gives: 'domain_name', normalise: dnsName },
  aws_api_gateway_rest_api: { asks: 'name' },
  aws_cloudwatch_event_bus: { asks: 'name' },
  aws_cloudwatch_log_group: { asks: 'name' },
  aws_cognito_user_pools: { asks: 'name' },
  aws_db_instance: { asks: 'db_instance_identifier', gives: 'identifier' },
  aws_db_subnet_group: { asks: 'name' },
  aws_dynamodb_table: { asks: 'name' },
  aws_ecr_repository: { asks: 'name' },
  aws_ecs_cluster: { asks: 'cluster_name', gives: 'name' },
  aws_eks_cluster: { asks: 'name' },
  aws_elasticache_cluster: { asks: 'cluster_id' },
  aws_iam_instance_profile: { asks: 'name' },
  aws_iam_policy: { asks: 'name' },
  aws_iam_role: { asks: 'name' },
  aws_iam_user: { asks: 'user_name', gives: 'name' },
  aws_kinesis_stream: { asks: 'name' },
  aws_kms_alias: { asks: 'name' },
  aws_lambda_function: { asks: 'function_name' },
  aws_lb: { asks: 'name' },
  aws_rds_cluster: { asks: 'cluster_identifier' },
  aws_s3_bucket: { asks: 'bucket' },
  aws_secretsmanager_secret: { asks: 'name' },
  aws_security_group: { asks: 'name' },
  aws_sfn_state_machine: { asks: 'name' },
  aws_sns_topic: { asks: 'name' },
  aws_sqs_queue: { asks: 'name' },
});

/** Data sources whose resource has another type name. */
const resourceOf = tableOf<string>({
  aws_cognito_user_pools: 'aws_cognito_user_pool',
  aws_alb: 'aws_lb',
});
const dataOf = tableOf<string>({ aws_cognito_user_pool: 'aws_cognito_user_pools', aws_alb: 'aws_lb' });

/** The argument that a data source of this type is looked up by; undefined when it takes no part in the rule. */
export function askedArgument(dataType: string): string | undefined {
  return named[dataType === 'aws_alb' ? 'aws_lb' : dataType]?.asks;
}

/** The argument by which a resource of this type is found. */
export function givenArgument(resourceType: string): string | undefined {
  const type = named[dataOf[resourceType] ?? resourceType];
  return type === undefined ? undefined : (type.gives ?? type.asks);
}

/** The last part of the key: `aws_s3_bucket:<environment>:bucket=name`, or `zone:<environment>:<name>`. */
function nameOf(dataType: string, name: string): { readonly kind: string; readonly rest: string } {
  const type = named[dataType];
  const normal = type?.normalise?.(name) ?? name;
  if (dataType === 'aws_route53_zone') return { kind: 'zone', rest: normal };
  return { kind: resourceOf[dataType] ?? dataType, rest: `${type?.asks ?? 'name'}=${normal}` };
}

/**
 * @param attributes of the data source that the module reads; undefined when they cannot be told.
 * @returns nothing when the name is not known: then only a run could tell.
 */
export function lookupNeed(
  subject: Subject,
  dataType: string,
  name: Value,
  attributes: readonly string[] | undefined,
  evidence: Evidence,
): Need | undefined {
  if (typeof name !== 'string' || name === '') return undefined;
  const type = dataType === 'aws_alb' ? 'aws_lb' : dataType;
  const { kind, rest } = nameOf(type, name);
  const outputs = attributes?.map((attribute) => named[type]?.outputs?.[attribute] ?? '*') ?? ['*'];
  return {
    key: needKey(kind, subject, rest),
    rule,
    origin: 'inferred',
    strength: 'proven',
    consumes: outputs.includes('*') ? ['*'] : [...new Set(outputs)].sort(),
    marks: ['cloud'],
    evidence,
    whenMissing: 'quiet',
  };
}

/** What a resource can be found by. Its data source's attributes need not be outputs, so none are promised. */
export function nameProvides(
  subject: Subject,
  resourceType: string,
  name: Value,
  runtime: string,
  evidence: Evidence,
): readonly Provide[] {
  if (typeof name !== 'string' || name === '') return [];
  const { kind, rest } = nameOf(dataOf[resourceType] ?? resourceType, name);
  return provideUnder(kind, subject, rest, { runtime, evidence });
}
