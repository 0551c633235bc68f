import type { ValueOf } from '../../config/shape-value.ts';
import { KarmaError } from '../../model/errors.ts';
import { nearest } from '../../model/nearest.ts';
import type { EngineContext } from '../context.ts';
import { mustFit, run, type Verb, type VerbCall, type WrittenAnswer, write } from './verb.ts';

/** Every verb that a face can offer, each loaded when it is first asked for. */
export const verbs = {
  estate: () => import('./estate.ts').then(({ estateVerb }) => estateVerb),
  overview: () => import('./overview.ts').then(({ overviewVerb }) => overviewVerb),
  list: () => import('./list.ts').then(({ listVerb }) => listVerb),
  show: () => import('./show.ts').then(({ showVerb }) => showVerb),
  outputs: () => import('./outputs.ts').then(({ outputsVerb }) => outputsVerb),
  impact: () => import('./impact.ts').then(({ impactVerb }) => impactVerb),
  'impact-since': () => import('./impact-since.ts').then(({ impactSinceVerb }) => impactSinceVerb),
  'impact-text': () => import('./impact-since.ts').then(({ impactTextVerb }) => impactTextVerb),
  why: () => import('./why.ts').then(({ whyVerb }) => whyVerb),
  causes: () => import('./causes.ts').then(({ causesVerb }) => causesVerb),
  order: () => import('./order.ts').then(({ orderVerb }) => orderVerb),
  'order-since': () => import('./order.ts').then(({ orderSinceVerb }) => orderSinceVerb),
  'order-text': () => import('./order.ts').then(({ orderTextVerb }) => orderTextVerb),
  diff: () => import('./diff.ts').then(({ diffVerb }) => diffVerb),
  'diff-environments': () => import('./diff.ts').then(({ diffEnvironmentsVerb }) => diffEnvironmentsVerb),
  environments: () => import('./environments.ts').then(({ environmentsVerb }) => environmentsVerb),
  'environment-diff': () => import('./environments.ts').then(({ environmentDiffVerb }) => environmentDiffVerb),
  'environment-matrix': () => import('./environments.ts').then(({ environmentMatrixVerb }) => environmentMatrixVerb),
  'environment-promote': () =>
    import('./environment-promote.ts').then(({ environmentPromoteVerb }) => environmentPromoteVerb),
  'environment-switch': () =>
    import('./environment-switch.ts').then(({ environmentSwitchVerb }) => environmentSwitchVerb),
  check: () => import('./check.ts').then(({ checkVerb }) => checkVerb),
  'check-since': () => import('./check-since.ts').then(({ checkSinceVerb }) => checkSinceVerb),
  runs: () => import('./runs.ts').then(({ runsVerb }) => runsVerb),
  run: () => import('./runs.ts').then(({ runVerb }) => runVerb),
  'run-log': () => import('./run-log.ts').then(({ runLogVerb }) => runLogVerb),
  deploys: () => import('./runs.ts').then(({ deploysVerb }) => deploysVerb),
  lineage: () => import('./lineage.ts').then(({ lineageVerb }) => lineageVerb),
  status: () => import('./status.ts').then(({ statusVerb }) => statusVerb),
  'status-refresh': () => import('./status.ts').then(({ statusRefreshVerb }) => statusRefreshVerb),
  config: () => import('./config.ts').then(({ configVerb }) => configVerb),
  'config-edit': () => import('./config-edit.ts').then(({ configEditVerb }) => configEditVerb),
  'config-validate': () => import('./config.ts').then(({ configValidateVerb }) => configValidateVerb),
  'config-try': () => import('./config-try.ts').then(({ configTryVerb }) => configTryVerb),
  types: () => import('./types.ts').then(({ typesVerb }) => typesVerb),
  type: () => import('./types.ts').then(({ typeVerb }) => typeVerb),
  'type-infer': () => import('./type-infer.ts').then(({ typeInferVerb }) => typeInferVerb),
  'type-docs': () => import('./type-docs.ts').then(({ typeDocsVerb }) => typeDocsVerb),
  versions: () => import('./versions.ts').then(({ versionsVerb }) => versionsVerb),
  log: () => import('./log.ts').then(({ logVerb }) => logVerb),
  'log-verify': () => import('./log.ts').then(({ logVerifyVerb }) => logVerifyVerb),
  explain: () => import('./explain.ts').then(({ explainVerb }) => explainVerb),
  schemas: () => import('./schemas.ts').then(({ schemasVerb }) => schemasVerb),
  'type-schema': () => import('./schemas.ts').then(({ typeSchemaVerb }) => typeSchemaVerb),
  init: () => import('./init.ts').then(({ initVerb }) => initVerb),
  doctor: () => import('./doctor.ts').then(({ doctorVerb }) => doctorVerb),
  picture: () => import('./picture.ts').then(({ pictureVerb }) => pictureVerb),
  map: () => import('./map.ts').then(({ mapVerb }) => mapVerb),
  draw: () => import('./draw.ts').then(({ drawVerb }) => drawVerb),
  export: () => import('./export.ts').then(({ exportVerb }) => exportVerb),
  modules: () => import('./modules.ts').then(({ modulesVerb }) => modulesVerb),
  'repository-fetch': () => import('./repository-fetch.ts').then(({ repositoryFetchVerb }) => repositoryFetchVerb),
  'modules-fetch': () => import('./modules.ts').then(({ modulesFetchVerb }) => modulesFetchVerb),
  'token-create': () => import('./tokens.ts').then(({ tokenCreateVerb }) => tokenCreateVerb),
  'token-list': () => import('./tokens.ts').then(({ tokenListVerb }) => tokenListVerb),
  'token-revoke': () => import('./tokens.ts').then(({ tokenRevokeVerb }) => tokenRevokeVerb),
  'versions-forget': () => import('./versions.ts').then(({ versionsForgetVerb }) => versionsForgetVerb),
  'compare-terragrunt': () => import('./compare-terragrunt.ts').then((verb) => verb.compareTerragruntVerb),
  parameter: () => import('./parameters.ts').then(({ parameterVerb }) => parameterVerb),
  parameters: () => import('./parameters.ts').then(({ parametersVerb }) => parametersVerb),
  'parameter-history': () => import('./parameters.ts').then(({ parameterHistoryVerb }) => parameterHistoryVerb),
  'parameter-put': () => import('./parameters.ts').then(({ parameterPutVerb }) => parameterPutVerb),
  'parameter-import': () => import('./parameters.ts').then(({ parameterImportVerb }) => parameterImportVerb),
  'config-publish': () => import('./config.ts').then(({ configPublishVerb }) => configPublishVerb),
  record: () => import('./record.ts').then(({ recordVerb }) => recordVerb),
  'store-rebuild': () => import('./store.ts').then(({ storeRebuildVerb }) => storeRebuildVerb),
  'store-verify': () => import('./store.ts').then(({ storeVerifyVerb }) => storeVerifyVerb),
  trust: () => import('./trust.ts').then(({ trustVerb }) => trustVerb),
  plan: () => import('./plan.ts').then(({ planVerb }) => planVerb),
  deploy: () => import('./deploy.ts').then(({ deployVerb }) => deployVerb),
  destroy: () => import('./destroy.ts').then(({ destroyVerb }) => destroyVerb),
  'take-event': () => import('./take-event.ts').then(({ takeEventVerb }) => takeEventVerb),
  'change-propose': () => import('./changes.ts').then(({ changeProposeVerb }) => changeProposeVerb),
  'request-change': () => import('./changes.ts').then(({ requestChangeVerb }) => requestChangeVerb),
  changes: () => import('./changes.ts').then(({ changesVerb }) => changesVerb),
  change: () => import('./changes.ts').then(({ changeVerb }) => changeVerb),
  'change-simulation': () => import('./changes.ts').then(({ changeSimulationVerb }) => changeSimulationVerb),
  'change-simulate': () => import('./changes.ts').then(({ changeSimulateVerb }) => changeSimulateVerb),
  'change-diff': () => import('./changes.ts').then(({ changeDiffVerb }) => changeDiffVerb),
  'change-input': () => import('./policies.ts').then(({ changeInputVerb }) => changeInputVerb),
  hooks: () => import('./hooks.ts').then(({ hooksVerb }) => hooksVerb),
  'hooks-tell': () => import('./hooks.ts').then(({ hooksTellVerb }) => hooksTellVerb),
  'policy-test': () => import('./policies.ts').then(({ policyTestVerb }) => policyTestVerb),
  'policy-backtest': () => import('./policies.ts').then(({ policyBacktestVerb }) => policyBacktestVerb),
  'change-approve': () => import('./change-decisions.ts').then(({ changeApproveVerb }) => changeApproveVerb),
  'change-reject': () => import('./change-decisions.ts').then(({ changeRejectVerb }) => changeRejectVerb),
  'change-apply': () => import('./change-apply.ts').then(({ changeApplyVerb }) => changeApplyVerb),
  'change-resume': () => import('./change-apply.ts').then(({ changeResumeVerb }) => changeResumeVerb),
  'change-apply-ask': () => import('./change-apply.ts').then(({ changeApplyAskVerb }) => changeApplyAskVerb),
  'change-resume-ask': () => import('./change-apply.ts').then(({ changeResumeAskVerb }) => changeResumeAskVerb),
  'change-plan': () => import('./change-plan.ts').then(({ changePlanVerb }) => changePlanVerb),
  'change-plan-kept': () => import('./change-plan.ts').then(({ changePlanKeptVerb }) => changePlanKeptVerb),
  'change-plan-ask': () => import('./change-plan.ts').then(({ changePlanAskVerb }) => changePlanAskVerb),
  'change-score': () => import('./change-score.ts').then(({ changeScoreVerb }) => changeScoreVerb),
  'environment-promote-propose': () =>
    import('./environment-promote.ts').then(({ environmentPromoteProposeVerb }) => environmentPromoteProposeVerb),
  'environment-switch-propose': () =>
    import('./environment-switch.ts').then(({ environmentSwitchProposeVerb }) => environmentSwitchProposeVerb),
  'change-revert': () => import('./change-apply.ts').then(({ changeRevertVerb }) => changeRevertVerb),
  'change-cancel': () => import('./changes.ts').then(({ changeCancelVerb }) => changeCancelVerb),
  'graph-query': () => import('./query.ts').then(({ graphQueryVerb }) => graphQueryVerb),
  'run-ask': () => import('./run-requests.ts').then(({ runAskVerb }) => runAskVerb),
  'run-requests': () => import('./run-requests.ts').then(({ runRequestsVerb }) => runRequestsVerb),
  'run-request': () => import('./run-requests.ts').then(({ runRequestVerb }) => runRequestVerb),
  'run-outcome': () => import('./run-requests.ts').then(({ runOutcomeVerb }) => runOutcomeVerb),
  'run-cancel': () => import('./run-requests.ts').then(({ runCancelVerb }) => runCancelVerb),
  build: () => import('./build.ts').then(({ buildVerb }) => buildVerb),
} as const;

export type VerbName = keyof typeof verbs;
/** The shape of a query, for faces that read one out of texts. */
export type VerbQuery = Verb['query'];
type Loaded<Name extends VerbName> = Awaited<ReturnType<(typeof verbs)[Name]>>;
export type QueryOf<Name extends VerbName> = ValueOf<Loaded<Name>['query']>;
export type AnswerOf<Name extends VerbName> = Awaited<ReturnType<Loaded<Name>['run']>>;

/** Asks one verb, typed by its shape. What somebody typed into a member is held to it too. @throws KARMA_USAGE */
export async function ask<Name extends VerbName>(
  context: EngineContext,
  name: Name,
  query: QueryOf<Name>,
  call: VerbCall = {},
): Promise<AnswerOf<Name>> {
  const verb = await loaded(name);
  mustFit(verb.query, query);
  return (await run(verb, context, query as never, call)) as AnswerOf<Name>;
}

/**
 * The same for what came from outside: the name and the query are checked first.
 * @throws KARMA_NOT_FOUND, KARMA_USAGE naming the member and what was expected
 */
export async function askUntyped(
  context: EngineContext,
  name: string,
  query: unknown,
  call: VerbCall = {},
): Promise<object> {
  const verb = await verbNamed(name);
  mustFit(verb.query, query);
  return run(verb, context, query as never, call);
}

/** The same for who is going to tell the answer as one document. */
export async function askToWrite(
  context: EngineContext,
  name: string,
  query: unknown,
  call: VerbCall = {},
): Promise<WrittenAnswer> {
  const verb = await verbNamed(name);
  mustFit(verb.query, query);
  return write(verb, context, query as never, call);
}

/** @throws KARMA_NOT_FOUND with the nearest name */
export async function verbNamed(name: string): Promise<Verb> {
  if (!Object.hasOwn(verbs, name)) {
    const [near] = nearest(name, Object.keys(verbs));
    throw new KarmaError('KARMA_NOT_FOUND', `there is no verb \`${name}\``, {
      hint: near === undefined ? `there are ${Object.keys(verbs).join(', ')}` : `did you mean \`${near}\`?`,
    });
  }
  return loaded(name as VerbName);
}

const known = new Map<VerbName, Verb>();

/** Once loaded it is at hand: even a module that is there takes a tenth of a question to be imported again. */
async function loaded(name: VerbName): Promise<Verb> {
  const before = known.get(name);
  if (before !== undefined) return before;
  // The table ties each name to its own shape; that all of them fit together only the caller's types can tell.
  const verb = (await verbs[name]()) as unknown as Verb;
  known.set(name, verb);
  return verb;
}
