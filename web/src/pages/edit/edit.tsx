import { Link, useSearch } from '@tanstack/react-router';
import type { Json } from '../../../../src/model/digest.ts';
import { useAnswer } from '../../api/use-answer.ts';
import { Asked } from '../../parts/asked.tsx';
import { ComponentLink } from '../../parts/component-name.tsx';
import { Empty } from '../../parts/empty.tsx';
import { Page } from '../../parts/page.tsx';
import { Editor } from './editor.tsx';
import type { Revised } from './propose-bar.tsx';

/** Another configuration of one component, with what it would write and do beside it; it ends as a change, never as a write. */
export function Edit() {
  const { id, revise } = useSearch({ from: '/edit' });
  const estate = useAnswer('/v1');
  if (id === undefined)
    return (
      <Page title="Change">
        <Empty title="Which component?">An address of this page names one: /edit?id=…</Empty>
      </Page>
    );
  if (revise !== undefined) return <Revision key={`${id} ${revise}`} id={id} change={revise} />;
  return <Asked query={estate}>{({ follow }) => <Known key={id} id={id} at={follow} />}</Asked>;
}

/** What a change gives a component by now is where its next content begins. */
function Revision({ id, change }: { readonly id: string; readonly change: string }) {
  const query = useAnswer('/v1/changes/{id}', { id: change });
  return (
    <Asked query={query}>
      {({ change: { head, reason } }) => <Known id={id} at={head} revise={{ id: change, reason }} />}
    </Asked>
  );
}

function Known({ id, at, revise }: { readonly id: string; readonly at: string; readonly revise?: Revised }) {
  const config = useAnswer('/v1/config', { id, at });
  const { data } = useAnswer('/v1/component', { id, at });
  const { layout, type, module } = data?.component ?? {};
  const isAdage = layout === 'adage';
  return (
    <Page
      title={`Change ${id}`}
      heading={
        <>
          <span className="dim">Change</span> <ComponentLink id={id} />
        </>
      }
      about={
        revise === undefined ? (
          <span>as it is at {at}, which the estate follows</span>
        ) : (
          <span>
            as{' '}
            <Link to="/changes" search={{ id: revise.id }} className="link mono">
              {revise.id}
            </Link>{' '}
            would have it; this becomes its next revision, and who agreed is asked again
          </span>
        )
      }
    >
      <Asked query={config}>
        {(shown) => (
          <Editor
            id={shown.component}
            follow={at}
            revise={revise}
            before={shown.config as Json}
            keys={shown.keys}
            view={shown.view}
            type={isAdage ? type : module}
            judged={isAdage}
          />
        )}
      </Asked>
    </Page>
  );
}
