/**
 * When a commit says that it was made, in ISO 8601. Whoever writes commits by hand writes any time or none: what is no moment is the
 * first one that Git counts from.
 * @param said seconds since 1970, or a text
 */
export function commitTime(said: number | string): string {
  const at = new Date(typeof said === 'number' ? said * 1000 : said);
  return (Number.isNaN(at.getTime()) ? new Date(0) : at).toISOString();
}
