import { Empty } from '../parts/empty.tsx';

export function Soon() {
  return <Empty title="This page is being built" />;
}
