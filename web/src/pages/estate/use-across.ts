import { useEffect, useState } from 'react';
import { cellsAcross, mapRoom } from './map-room.ts';

/** Longer than a window is dragged between two moves. */
const still = 200;

/** How wide the map is to be, in cells: anew when the window has another size. */
export function useAcross(components: number): number {
  const [room, setRoom] = useState(mapRoom);
  useEffect(() => {
    let waiting: ReturnType<typeof setTimeout> | undefined;
    const resize = (): void => {
      clearTimeout(waiting);
      waiting = setTimeout(() => setRoom(mapRoom()), still);
    };
    addEventListener('resize', resize);
    return () => {
      clearTimeout(waiting);
      removeEventListener('resize', resize);
    };
  }, []);
  return cellsAcross(components, room);
}
