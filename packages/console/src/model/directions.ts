import type { Box } from '@stepyard/asl';

export type Direction = 'up' | 'down' | 'left' | 'right';

/**
 * Which of the boxes lies next in a direction, as the eye sees it: near, and straight ahead rather than aside. Undefined when there is
 * none. The order of the boxes decides between those that are as near.
 */
export function nextInDirection<Item extends Box>(
  boxes: readonly Item[],
  from: Item,
  direction: Direction,
): Item | undefined {
  let nearest: Item | undefined;
  let least = Infinity;
  for (const box of boxes) {
    if (box === from) continue;
    const ahead = distanceAhead(from, box, direction);
    if (ahead <= 0) continue;
    const distance = ahead + 2.5 * distanceAside(from, box, direction);
    if (distance >= least) continue;
    least = distance;
    nearest = box;
  }
  return nearest;
}

/** Between the edges that one sees first: the tops going up and down, the left sides going left and right. */
function distanceAhead(from: Box, to: Box, direction: Direction): number {
  switch (direction) {
    case 'up':
      return from.y - to.y;
    case 'down':
      return to.y - from.y;
    case 'left':
      return from.x - to.x;
    case 'right':
      return to.x - from.x;
  }
}

function distanceAside(from: Box, to: Box, direction: Direction): number {
  if (direction === 'up' || direction === 'down') return gap(from.x, from.width, to.x, to.width);
  return gap(from.y, from.height, to.y, to.height);
}

/** Between two stretches; 0 when they overlap. */
function gap(a: number, aLength: number, b: number, bLength: number): number {
  return Math.max(0, b - (a + aLength), a - (b + bLength));
}
