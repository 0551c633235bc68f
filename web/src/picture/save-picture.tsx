import type { Picture } from '../api/answers.ts';
import { Icon } from '../parts/icon.tsx';
import { Popover } from '../parts/popover.tsx';
import { svgOf } from './svg-of.ts';
import './save-picture.css';

/** The picture as a file, in the colours that are shown. */
export function SavePicture({ picture }: { readonly picture: Picture }) {
  const dark = matchMedia('(prefers-color-scheme: dark)').matches;
  const theme = document.documentElement.dataset['theme'];
  const svg = (): string => svgOf(picture, theme === 'dark' || (theme !== 'light' && dark));
  return (
    <Popover label={<Icon name="save" size={14} />} name="Save the picture" quiet={false}>
      {(close) => (
        <ul className="save-choices">
          <li>
            <button
              type="button"
              className="button quiet"
              onClick={() => {
                save(new Blob([svg()], { type: 'image/svg+xml' }), 'karma.svg');
                close();
              }}
            >
              as SVG
            </button>
          </li>
          <li>
            <button
              type="button"
              className="button quiet"
              onClick={() => {
                void rasterOf(svg(), picture).then((blob) => save(blob, 'karma.png'));
                close();
              }}
            >
              as PNG
            </button>
          </li>
        </ul>
      )}
    </Popover>
  );
}

function save(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

/** Browsers draw no larger bitmap than this on a side. */
const largest = 8_000;

async function rasterOf(svg: string, { width, height }: Picture): Promise<Blob> {
  const scale = Math.min(2, largest / Math.max(width, height, 1));
  const image = new Image();
  image.src = `data:image/svg+xml,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((ready, failed) =>
    canvas.toBlob((blob) => (blob === null ? failed(new Error('no picture was made')) : ready(blob)), 'image/png'),
  );
}
