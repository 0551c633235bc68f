import { ago } from './ago.ts';

/** A moment, told by its distance; the exact one is a pointer away. */
export function When({ at }: { readonly at: string }) {
  const moment = new Date(at);
  if (Number.isNaN(moment.getTime())) return <bdi>{at}</bdi>;
  return (
    <time dateTime={at} title={moment.toLocaleString('en-GB', { dateStyle: 'full', timeStyle: 'long' })}>
      {ago(moment, new Date())}
    </time>
  );
}
