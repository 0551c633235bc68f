import { Link } from '@tanstack/react-router';
import { Empty } from '../parts/empty.tsx';

export function NotFound() {
  return (
    <Empty title="There is no such page">
      <Link to="/" className="link">
        Back to the estate
      </Link>
    </Empty>
  );
}
