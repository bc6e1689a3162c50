/** Where one looks at a drawing: its scale, and where its left upper corner stands in the window. */
export interface View {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export const SCALE_MIN = 0.1;
export const SCALE_MAX = 2.5;
/** Below this, names cannot be read: a drawing that is larger is shown from its top. */
const SCALE_READABLE = 0.68;
/** Of what is not shown whole, so that more of it is seen. */
const SCALE_CUT = 0.86;
const MARGIN = 12;

/** All of the drawing when its names can be read then, or its upper part. */
export function fitted(drawing: Size, frame: Size): View {
  const all = Math.min((frame.width - MARGIN) / drawing.width, (frame.height - MARGIN) / drawing.height, 1);
  const scale =
    all >= SCALE_READABLE
      ? all
      : Math.min(SCALE_CUT, Math.max(SCALE_READABLE, (frame.width - MARGIN) / drawing.width));
  return {
    scale,
    x: Math.max((frame.width - drawing.width * scale) / 2, MARGIN / 2),
    y: Math.max((frame.height - drawing.height * scale) / 2, MARGIN / 2),
  };
}

/** All of the drawing, however small. */
export function whole(drawing: Size, frame: Size): View {
  const scale = Math.max(
    SCALE_MIN,
    Math.min((frame.width - MARGIN) / drawing.width, (frame.height - MARGIN) / drawing.height, 1),
  );
  return {
    scale,
    x: (frame.width - drawing.width * scale) / 2,
    y: (frame.height - drawing.height * scale) / 2,
  };
}

/** Larger or smaller by a factor; what is at a point of the window stays there. */
export function zoomed(view: View, factor: number, at: { readonly x: number; readonly y: number }): View {
  const scale = Math.min(SCALE_MAX, Math.max(SCALE_MIN, view.scale * factor));
  const by = scale / view.scale;
  return { scale, x: at.x - (at.x - view.x) * by, y: at.y - (at.y - view.y) * by };
}

/** Moved as little as it takes for a box of the drawing to be seen. */
export function showing(
  view: View,
  box: Size & { readonly x: number; readonly y: number },
  frame: Size,
): View {
  const move = (start: number, length: number, within: number): number => {
    if (length > within - 2 * MARGIN || start < MARGIN) return MARGIN - start;
    return Math.min(0, within - MARGIN - (start + length));
  };
  const left = view.x + box.x * view.scale;
  const top = view.y + box.y * view.scale;
  const isSeen =
    left >= 0 &&
    top >= 0 &&
    left + box.width * view.scale <= frame.width &&
    top + box.height * view.scale <= frame.height;
  if (isSeen) return view;
  return {
    ...view,
    x: view.x + move(left, box.width * view.scale, frame.width),
    y: view.y + move(top, Math.min(box.height * view.scale, frame.height / 2), frame.height),
  };
}
