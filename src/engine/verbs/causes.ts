import { object, text } from '../../config/shape-parts.ts';
import { causes } from '../history/causes.ts';
import { defineVerb } from './verb.ts';

export const causesVerb = defineVerb({
  about: 'Why a component, or one of its outputs, is as it is: the causes down to commit and person.',
  query: object('What to ask about.', { of: text('A component, or `component#/output`.') }, 'of'),
  writes: 'nothing',
  run: (context, { of }, { here }) =>
    causes(context, { id: of, ...(here?.states === undefined ? {} : { states: here.states }) }),
});
