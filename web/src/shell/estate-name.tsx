import { useAnswer } from '../api/use-answer.ts';

export function EstateName() {
  const { data } = useAnswer('/v1', {});
  const name = data?.estate ?? '';
  return (
    <span className="estate-name">
      <bdi title={name}>{name}</bdi>
    </span>
  );
}
