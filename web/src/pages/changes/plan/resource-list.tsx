import { type ReactNode, useState } from 'react';
import '../../impact/changed.css';
import './plan.css';

/** What a plan does to one value: as JSON, secrets without theirs. */
export interface PlannedValue {
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
}

export interface PlannedResource {
  readonly address: string;
  readonly action: string;
  readonly values?: readonly PlannedValue[];
}

const actions: Readonly<Record<string, readonly [mark: string, word: string, tone: string]>> = {
  create: ['+', 'add', 'ok'],
  update: ['~', 'change', 'warn'],
  delete: ['−', 'destroy', 'bad'],
  replace: ['±', 'replace', 'bad'],
  forget: ['×', 'forget', 'bad'],
};

/** More at once nobody reads. */
const most = 50;

/** What happens to each resource, and value by value where that is known. */
export function ResourceList({ resources }: { readonly resources: readonly PlannedResource[] }) {
  return (
    <Some all={resources} one="resource">
      {({ address, action, values = [] }) => {
        const [mark, word, tone] = actions[action] ?? ['·', action, 'none'];
        return (
          <li key={address} className="planned-resource">
            <p className="planned-address">
              <span className={`planned-mark mono tone-${tone}`} aria-hidden="true">
                {mark}
              </span>
              <span className={`planned-word tone-${tone}`}>{word}</span>
              <bdi className="mono">{address}</bdi>
            </p>
            <ValueList values={values} />
          </li>
        );
      }}
    </Some>
  );
}

/** Values before and after; what is not there at one end is not shown there. */
export function ValueList({ values }: { readonly values: readonly PlannedValue[] }) {
  if (values.length === 0) return null;
  return (
    <Some all={values} one="value">
      {({ path, before, after }) => (
        <li key={path} className="planned-value">
          <bdi className="mono" title={path}>
            {path}
          </bdi>
          <span className="key-values">
            {before !== null && <del title={before}>{before}</del>}
            {after !== null && <ins title={after}>{after}</ins>}
          </span>
        </li>
      )}
    </Some>
  );
}

function Some<One>({
  all,
  one,
  children,
}: {
  readonly all: readonly One[];
  readonly one: string;
  readonly children: (one: One) => ReactNode;
}) {
  const [whole, setWhole] = useState(false);
  const shown = whole ? all : all.slice(0, most);
  const rest = all.length - shown.length;
  return (
    <>
      <ul>{shown.map(children)}</ul>
      {rest > 0 && (
        <button type="button" className="button planned-more" onClick={() => setWhole(true)}>
          {rest.toLocaleString('en')} more {rest === 1 ? one : `${one}s`}
        </button>
      )}
    </>
  );
}
