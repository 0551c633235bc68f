import type { AnswerOf, VerbName } from '../../src/engine/verbs/table.ts';

/** What the schemas are made of: the answer of each verb. */
export type Answers = { readonly [Name in VerbName]: AnswerOf<Name> };
