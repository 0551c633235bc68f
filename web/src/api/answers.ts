import type { AnswerOf, QueryOf } from '../../../src/engine/verbs/table.ts';

/**
 * What each route answers: the types of the verbs themselves, so that a field that is renamed there does not compile here.
 * Nothing but types comes from the engine.
 */
export interface Answers {
  readonly '/v1/overview': AnswerOf<'overview'>;
  readonly '/v1/components': AnswerOf<'list'>;
  readonly '/v1/component': AnswerOf<'show'>;
  readonly '/v1/outputs': AnswerOf<'outputs'>;
  readonly '/v1/impact': AnswerOf<'impact'>;
  readonly '/v1/why': AnswerOf<'why'>;
  readonly '/v1/diff': AnswerOf<'diff'>;
  readonly '/v1/graph': AnswerOf<'picture'>;
  readonly '/v1/map': AnswerOf<'map'>;
  readonly '/v1/findings': AnswerOf<'check'>;
  readonly '/v1/runs': AnswerOf<'runs'>;
  readonly '/v1/run': AnswerOf<'run'>;
  readonly '/v1/requests': AnswerOf<'run-requests'>;
  readonly '/v1/request': AnswerOf<'run-request'>;
  readonly '/v1/environments/diff': AnswerOf<'environment-diff'>;
  readonly '/v1/lineage': AnswerOf<'lineage'>;
  readonly '/v1': AnswerOf<'estate'>;
  readonly '/v1/status': AnswerOf<'status'>;
  readonly '/v1/config': AnswerOf<'config'>;
  readonly '/v1/versions': AnswerOf<'versions'>;
  readonly '/v1/log': AnswerOf<'log'>;
  readonly '/v1/explain': AnswerOf<'explain'>;
  readonly '/v1/changes': AnswerOf<'changes'>;
  readonly '/v1/changes/{id}': AnswerOf<'change'>;
  readonly '/v1/changes/{id}/diff': AnswerOf<'change-diff'>;
  readonly '/v1/changes/{id}/plan': AnswerOf<'change-plan-kept'>;
  readonly '/v1/changes/{id}/score': AnswerOf<'change-score'>;
  readonly '/v1/scores': AnswerOf<'change-score'>;
  readonly '/v1/type/schema': AnswerOf<'type-schema'>;
}

/** The same path asked with other parameters is another question. */
export interface OtherAnswers {
  readonly '/v1/impact': AnswerOf<'impact-since'>;
  readonly '/v1/why': AnswerOf<'causes'>;
}

/** What is done rather than asked: what goes with it, and what comes of it. */
export interface Deeds {
  readonly '/v1/changes': { readonly ask: QueryOf<'change-propose'>; readonly answer: AnswerOf<'change-propose'> };
  readonly '/v1/changes/{id}/approve': {
    readonly ask: QueryOf<'change-approve'>;
    readonly answer: AnswerOf<'change-approve'>;
  };
  readonly '/v1/changes/{id}/reject': {
    readonly ask: QueryOf<'change-reject'>;
    readonly answer: AnswerOf<'change-reject'>;
  };
  readonly '/v1/changes/{id}/plan': {
    readonly ask: QueryOf<'change-plan-ask'>;
    readonly answer: AnswerOf<'change-plan-ask'>;
  };
  readonly '/v1/changes/{id}/apply': {
    readonly ask: QueryOf<'change-apply-ask'>;
    readonly answer: AnswerOf<'change-apply-ask'>;
  };
  readonly '/v1/changes/{id}/resume': {
    readonly ask: QueryOf<'change-resume-ask'>;
    readonly answer: AnswerOf<'change-resume-ask'>;
  };
  readonly '/v1/changes/{id}/revert': {
    readonly ask: QueryOf<'change-revert'>;
    readonly answer: AnswerOf<'change-revert'>;
  };
  readonly '/v1/changes/{id}/cancel': {
    readonly ask: QueryOf<'change-cancel'>;
    readonly answer: AnswerOf<'change-cancel'>;
  };
  readonly '/v1/runs': { readonly ask: QueryOf<'run-ask'>; readonly answer: AnswerOf<'run-ask'> };
  readonly '/v1/config/validate': { readonly ask: QueryOf<'config-try'>; readonly answer: AnswerOf<'config-try'> };
}

export type Path = keyof Answers;
export type ViewStamp = Answers['/v1/overview']['view'];
export type ListedComponent = Answers['/v1/components']['components'][number];
export type ComponentStatus = Answers['/v1/status']['components'][number];
export type StatusWord = ComponentStatus['status'];
export type Shown = Answers['/v1/component'];
export type ShownReference = Shown['dependsOn'][number];
export type Evidence = ShownReference['evidence'][number];
export type Finding = Shown['findings'][number];
export type FindingCause = Shown['causes'][number];
export type Severity = Finding['severity'];
export type BlindSpot = Shown['blindSpots'][number];
export type UnreadGroup = Shown['unread'][number];
export type SinceAnswer = OtherAnswers['/v1/impact'];
export type Cause = OtherAnswers['/v1/why']['deployments'][number]['cause'];
export type LedgerEvent = Answers['/v1/log']['events'][number];
export type ToldRun = Answers['/v1/runs']['runs'][number];
export type Picture = Answers['/v1/graph'];
export type PlacedBox = Picture['boxes'][number];
export type PlacedLine = Picture['lines'][number];
export type EstateMapAnswer = Answers['/v1/map'];
export type Proposed = AnswerOf<'change-propose'>;
export type ShownChange = Answers['/v1/changes/{id}'];
export type ListedChange = Answers['/v1/changes']['changes'][number];
export type ChangeState = ListedChange['state'];
export type KeptPlan = NonNullable<Answers['/v1/changes/{id}/plan']['plan']>;
export type MemberPlan = KeptPlan['plans'][number];
export type Comparison = SinceAnswer['comparison'];
export type RunRequest = Answers['/v1/request']['request'];
