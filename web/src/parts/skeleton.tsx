import './skeleton.css';

const widths = ['62%', '84%', '71%', '48%', '77%', '55%'];

/** The outline of lines that are not there yet. */
export function Skeleton({ rows = 6 }: { readonly rows?: number }) {
  return (
    <div className="skeleton" role="status">
      <span className="hidden-visually">Loading</span>
      {Array.from({ length: rows }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines that are not there yet have no other name
        <span key={index} className="skeleton-line" style={{ width: widths[index % widths.length] }} />
      ))}
    </div>
  );
}
