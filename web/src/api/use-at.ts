import { useSearch } from '@tanstack/react-router';

/** As of when questions are asked: a part of each that can be asked so. */
export function useAt(): { readonly at?: string } {
  const { at } = useSearch({ from: '__root__' });
  return at === undefined ? {} : { at };
}
