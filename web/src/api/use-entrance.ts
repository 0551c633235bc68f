import { useQuery } from '@tanstack/react-query';
import { askService } from './client.ts';

/** What the service says of itself at `/v1`. */
interface Entrance {
  readonly estate?: string | { readonly name: string };
  readonly version?: { readonly version: number; readonly hash: string };
}

export function useEntrance() {
  return useQuery({
    queryKey: ['/v1', {}],
    queryFn: async ({ signal }) => (await askService('/v1', {}, signal)) as Entrance,
  });
}
