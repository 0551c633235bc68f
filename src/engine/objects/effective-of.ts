import { documentReader, readEffectiveConfig } from '../../config/effective-config.ts';
import type { ComponentRow } from '../../model/component.ts';
import { KarmaError } from '../../model/errors.ts';
import { shellWord } from '../../model/quote.ts';
import type { OpenedEstate } from '../view/open-estate.ts';
import type { LoadedView } from '../view/view.ts';

export function effectiveOf(estate: OpenedEstate, component: ComponentRow) {
  if (component.layout !== 'adage' || component.kind !== 'component')
    throw new KarmaError('KARMA_USAGE', `${component.id} has no config.json: it is a ${component.layout} component`, {
      hint: `\`karma show ${shellWord(component.id)}\` says what is known of it`,
    });
  return readEffectiveConfig(component.id, documentReader(estate.view.main));
}

export function estateOf(view: LoadedView): OpenedEstate {
  if (view.estate === undefined)
    throw new KarmaError('KARMA_USAGE', `${view.label} holds no files`, {
      hint: 'ask at a Git revision, or leave --at out',
    });
  return view.estate;
}

/** Findings that say of a config that it does not validate. */
export const invalid: ReadonlySet<string> = new Set([
  'schema-violation',
  'json-unreadable',
  'json-duplicate-key',
  'extends-broken',
  'file-too-large',
]);
