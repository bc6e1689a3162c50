import type { MapRunChildren } from '../../api/types.ts';
import { statusAt } from '../../model/children.ts';
import type { GridShape } from '../../model/children-grid.ts';
import { statusKind, type StatusKind } from '../../model/status.ts';

/** Draws the children of a map run: colours by status, and a mark on those that failed, so that it does not hang on colour alone. */
export function drawChildren(
  canvas: HTMLCanvasElement,
  children: MapRunChildren,
  shown: readonly number[],
  { columns, rows, pitch, cell }: GridShape,
): void {
  const ratio = window.devicePixelRatio;
  const [width, height] = [columns * pitch, rows * pitch];
  canvas.width = width * ratio;
  canvas.height = height * ratio;
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const context = canvas.getContext('2d');
  if (context === null) return;
  context.scale(ratio, ratio);
  const style = getComputedStyle(canvas);
  const colourOf = colours(style);
  for (const [at, child] of shown.entries()) {
    const kind = statusKind(statusAt(children, child));
    const x = (at % columns) * pitch;
    const y = Math.floor(at / columns) * pitch;
    context.fillStyle = colourOf(kind);
    context.globalAlpha = kind === 'succeeded' ? 0.55 : 1;
    context.fillRect(x, y, cell, cell);
    if (kind === 'failed' || kind === 'aborted')
      cross(context, x, y, cell, style.getPropertyValue('--paper'));
  }
  context.globalAlpha = 1;
}

function colours(style: CSSStyleDeclaration): (kind: StatusKind) => string {
  const known = new Map<StatusKind, string>();
  return (kind) => {
    const colour = known.get(kind) ?? style.getPropertyValue(`--${kind}`);
    known.set(kind, colour);
    return colour;
  };
}

function cross(context: CanvasRenderingContext2D, x: number, y: number, cell: number, colour: string): void {
  const [near, far] = [cell * 0.28, cell * 0.72];
  context.strokeStyle = colour;
  context.lineWidth = 1.2;
  context.beginPath();
  context.moveTo(x + near, y + near);
  context.lineTo(x + far, y + far);
  context.moveTo(x + far, y + near);
  context.lineTo(x + near, y + far);
  context.stroke();
}
