import { useSearch } from '@tanstack/react-router';
import type { Json } from '../../../../src/model/digest.ts';
import { useAnswer } from '../../api/use-answer.ts';
import { Asked } from '../../parts/asked.tsx';
import { ComponentLink } from '../../parts/component-name.tsx';
import { Empty } from '../../parts/empty.tsx';
import { Page } from '../../parts/page.tsx';
import { Editor } from './editor.tsx';

/** Another configuration of one component, with what it would write and do beside it; it ends as a change, never as a write. */
export function Edit() {
  const { id } = useSearch({ from: '/edit' });
  const estate = useAnswer('/v1');
  if (id === undefined)
    return (
      <Page title="Change">
        <Empty title="Which component?">An address of this page names one: /edit?id=…</Empty>
      </Page>
    );
  return <Asked query={estate}>{({ follow }) => <Known key={id} id={id} follow={follow} />}</Asked>;
}

function Known({ id, follow }: { readonly id: string; readonly follow: string }) {
  const config = useAnswer('/v1/config', { id, at: follow });
  const { data } = useAnswer('/v1/component', { id });
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
      about={<span>as it is at {follow}, which the estate follows</span>}
    >
      <Asked query={config}>
        {(shown) => (
          <Editor
            id={shown.component}
            follow={follow}
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
