import { type ReactNode, useEffect, useRef, useState } from 'react';
import './popover.css';

/** A button and what it opens beneath it. Escape, a click elsewhere, or moving on closes it. */
export function Popover({
  label,
  name,
  quiet = true,
  children,
}: {
  readonly label: ReactNode;
  /** What a reader of the screen hears. */
  readonly name: string;
  readonly quiet?: boolean;
  readonly children: (close: () => void) => ReactNode;
}) {
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!open) return;
    const leave = (event: Event): void => {
      if (event.target instanceof Node && box.current?.contains(event.target) !== true) setOpen(false);
    };
    const onEscape = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape') return;
      event.stopPropagation();
      setOpen(false);
      button.current?.focus();
    };
    addEventListener('pointerdown', leave, true);
    addEventListener('focusin', leave, true);
    addEventListener('keydown', onEscape, true);
    return () => {
      removeEventListener('pointerdown', leave, true);
      removeEventListener('focusin', leave, true);
      removeEventListener('keydown', onEscape, true);
    };
  }, [open]);
  return (
    <div className="popover" ref={box}>
      <button
        type="button"
        ref={button}
        className={quiet ? 'button quiet' : 'button'}
        aria-expanded={open}
        aria-label={name}
        onClick={() => setOpen(!open)}
      >
        {label}
      </button>
      {open && <div className="popover-panel">{children(() => setOpen(false))}</div>}
    </div>
  );
}
