/** One of several names. */
export function Choice({
  label,
  offer,
  names,
  value,
  onChoose,
}: {
  readonly label: string;
  /** What stands there while nothing is chosen. */
  readonly offer: string;
  readonly names: readonly string[];
  readonly value: string | undefined;
  readonly onChoose: (name: string) => void;
}) {
  return (
    <select className="select" aria-label={label} value={value ?? ''} onChange={({ target }) => onChoose(target.value)}>
      <option value="" disabled>
        {offer}
      </option>
      {names.map((name) => (
        <option key={name} value={name}>
          {name}
        </option>
      ))}
    </select>
  );
}
