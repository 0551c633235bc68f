/** What `order` writes, of a selection or of a Git range. */
export const orderFormats = ['table', 'matrix', 'gitlab', 'paths0', 'json'] as const;
