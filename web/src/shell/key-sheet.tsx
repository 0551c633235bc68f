import { useState } from 'react';
import { Dialog } from '../parts/dialog.tsx';
import { chooseSingleKeys, singleKeysAreOn } from './keys.ts';
import { places } from './places.ts';
import './key-sheet.css';

const groups: readonly (readonly [title: string, keys: readonly (readonly [keys: string, does: string])[]])[] = [
  [
    'Anywhere',
    [
      ['⌘ K', 'find or do anything'],
      ['/', 'find'],
      ['?', 'this sheet'],
      ['[ ]', 'older or newer version'],
      ['t', 'light, dark or as the system'],
      ['Esc', 'close, or back to no selection'],
    ],
  ],
  ['Go to', places.map(({ key, name }) => [`g ${key}`, name.toLowerCase()] as const)],
  [
    'In a list',
    [
      ['j k', 'next, previous'],
      ['↵', 'open'],
    ],
  ],
  [
    'In a picture',
    [
      ['→ ←', 'what it depends on, what uses it'],
      ['↑ ↓', 'the neighbour above, below'],
      ['↵', 'open the component'],
      ['f', 'focus on it'],
      ['+ − 0', 'nearer, farther, all of it'],
    ],
  ],
  ['On a change', [['u', 'back to all changes']]],
  [
    'On a component',
    [
      ['i', 'what is affected when it changes'],
      ['w', 'why it is as it is'],
      ['f', 'its place in the graph'],
      ['e', 'propose another configuration'],
    ],
  ],
];

export function KeySheet({ onClose }: { readonly onClose: () => void }) {
  const [on, setOn] = useState(singleKeysAreOn());
  return (
    <Dialog title="Keyboard" onClose={onClose}>
      <div className="key-groups">
        {groups.map(([title, keys]) => (
          <section key={title}>
            <h3>{title}</h3>
            <dl>
              {keys.map(([key, does]) => (
                <div className="key-row" key={key}>
                  <dt>
                    {key.split(' ').map((one) => (
                      <kbd key={one}>{one}</kbd>
                    ))}
                  </dt>
                  <dd>{does}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <label className="key-switch">
        <input
          type="checkbox"
          checked={on}
          onChange={({ target }) => {
            chooseSingleKeys(target.checked);
            setOn(target.checked);
          }}
        />
        Keys without ⌘ or Ctrl do something
      </label>
    </Dialog>
  );
}
