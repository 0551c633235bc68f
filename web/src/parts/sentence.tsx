import './sentence.css';

/** A sentence in which what stands between backticks is to be typed. */
export function Sentence({ text }: { readonly text: string }) {
  return (
    <>
      {text.split('`').map((part, index) =>
        index % 2 === 1 ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text have no other name
          <code className="typed" key={index}>
            {part}
          </code>
        ) : (
          part
        ),
      )}
    </>
  );
}
