import { type ReactNode, useEffect, useRef } from 'react';
import { Icon } from './icon.tsx';
import './dialog.css';

/** The browser's own dialog: it keeps the focus, hides what is behind from readers of screens, and closes on Escape. */
export function Dialog({
  title,
  bare = false,
  onClose,
  children,
}: {
  readonly title: string;
  /** Without a heading of its own: for what begins with a field. */
  readonly bare?: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    dialog.current?.showModal();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes it by the keyboard; the click is on what is around it
    <dialog
      ref={dialog}
      className="dialog"
      aria-label={title}
      onClose={onClose}
      onClick={({ target }) => {
        if (target === dialog.current) onClose();
      }}
    >
      {!bare && (
        <header className="dialog-head">
          <h2>{title}</h2>
          <button type="button" className="button quiet icon-only" aria-label="Close" onClick={onClose}>
            <Icon name="close" />
          </button>
        </header>
      )}
      {children}
    </dialog>
  );
}
