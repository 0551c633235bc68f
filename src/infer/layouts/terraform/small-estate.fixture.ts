import type { Claim } from '../../../model/claim.ts';
import type { ComponentRow } from '../../../model/component.ts';
import type { EstateSettings } from '../../../model/estate.ts';
import type { ReferenceRow } from '../../../model/reference.ts';
import { Resolver } from '../../resolver.ts';
import { viewOf } from '../../terraform/memory-view.fixture.ts';
import { terraformLayout } from './layout.ts';

export type Files = Readonly<Record<string, string>>;

export function claimsOf(files: Files, settings: EstateSettings = {}): readonly Claim[] {
  const main = viewOf(files);
  const estate = { main, repos: new Map([['', main]]), environment: {}, parameters: new Map(), settings };
  const layout = terraformLayout.open(estate);
  return layout.discover().candidates.map((candidate) => layout.claim(candidate));
}

/** What a build says of a few root modules: `app → net` is proven, `app ? net` possible, `app ?` possible with anybody. */
export function told(files: Files, settings: EstateSettings = {}): string[] {
  const resolver = new Resolver(settings.references ?? []);
  resolver.load(claimsOf(files, settings));
  return [...resolver.rows.values()]
    .flatMap(({ table, value }) => {
      if (table === 'reference') {
        const { from, to } = JSON.parse(value) as ReferenceRow;
        return [`${from} → ${to}`];
      }
      const { id, blindSpots = [] } = table === 'component' ? (JSON.parse(value) as ComponentRow) : { id: '' };
      return blindSpots.flatMap(({ on = [''] }) => on.map((one) => `${id} ? ${one}`.trim()));
    })
    .sort();
}

export function findingsOf(files: Files, settings: EstateSettings = {}): string[] {
  const resolver = new Resolver(settings.references ?? []);
  resolver.load(claimsOf(files, settings));
  return [...resolver.rows.values()]
    .filter(({ table }) => table === 'finding')
    .map(({ key }) => key.split('|').slice(0, 2).join(' '))
    .sort();
}

/** A root module with a state of its own. */
export function root(key: string, body = ''): string {
  return `terraform {\n  backend "s3" {\n    bucket = "acme"\n    key = "${key}"\n  }\n}\n${body}\n`;
}
