import { useAnswer } from '../api/use-answer.ts';
import { useEntrance } from '../api/use-entrance.ts';

export function EstateName() {
  const { data: entrance } = useEntrance();
  const { data: overview } = useAnswer('/v1/overview', {});
  const said = entrance?.estate;
  const name = (typeof said === 'string' ? said : said?.name) || overview?.estate || 'estate';
  return (
    <span className="estate-name">
      <bdi title={name}>{name}</bdi>
    </span>
  );
}
