import { Copy } from './copy.tsx';
import './command.css';

/** A command that can be copied. */
export function Command({ text }: { readonly text: string }) {
  return (
    <span className="command">
      <code title={text}>{text}</code>
      <Copy text={text} what="the command" />
    </span>
  );
}
