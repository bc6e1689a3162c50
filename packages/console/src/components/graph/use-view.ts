import { useEffect, useEffectEvent, useRef, useState, type PointerEvent, type RefObject } from 'react';
import { fitted, zoomed, type Size, type View } from '../../model/view-box.ts';

export interface ViewControl {
  readonly frame: RefObject<HTMLDivElement | null>;
  readonly view: View;
  readonly frameSize: Size;
  readonly setView: (change: (view: View, frame: Size) => View) => void;
  /** Brings something into sight; what the user has chosen otherwise (the scale) stays, what was fitted will be fitted again. */
  readonly show: (change: (view: View, frame: Size) => View) => void;
  /** Larger or smaller, about the middle of the window. */
  readonly zoom: (factor: number) => void;
  readonly drag: {
    readonly onPointerDown: (event: PointerEvent<SVGSVGElement>) => void;
    readonly onPointerMove: (event: PointerEvent<SVGSVGElement>) => void;
    readonly onPointerUp: (event: PointerEvent<SVGSVGElement>) => void;
  };
}

interface Chosen {
  readonly view: View;
  readonly isByUser: boolean;
}

/** Zooming and moving about in a drawing: by wheel, pinch, drag and button. Fits itself until the user has taken over. */
export function useView(drawing: Size): ViewControl {
  const frame = useRef<HTMLDivElement>(null);
  const [frameSize, setFrameSize] = useState<Size>({ width: 0, height: 0 });
  const [chosen, setChosen] = useState<Chosen | undefined>(undefined);
  const setByUser = (to: View): void => setChosen({ view: to, isByUser: true });
  const view = chosen?.view ?? fitted(drawing, frameSize.width === 0 ? drawing : frameSize);
  useEffect(() => {
    const element = frame.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => {
      setFrameSize({ width: element.clientWidth, height: element.clientHeight });
      setChosen((before) => (before?.isByUser === true ? before : undefined));
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const onWheel = useEffectEvent((event: WheelEvent) => {
    // Without Ctrl (which a pinch sets) the wheel moves; at the ends the page scrolls on.
    if (!event.ctrlKey && !event.metaKey) {
      const next = { ...view, x: view.x - event.deltaX, y: view.y - event.deltaY };
      if (!isInside(next, drawing, frameSize, event)) return;
      event.preventDefault();
      setByUser(next);
      return;
    }
    event.preventDefault();
    const box = frame.current?.getBoundingClientRect();
    const at = { x: event.clientX - (box?.left ?? 0), y: event.clientY - (box?.top ?? 0) };
    setByUser(zoomed(view, Math.exp(-event.deltaY / 300), at));
  });
  useEffect(() => {
    const element = frame.current;
    if (element === null) return;
    const listener = (event: WheelEvent): void => onWheel(event);
    element.addEventListener('wheel', listener, { passive: false });
    return () => element.removeEventListener('wheel', listener);
  }, []);
  return {
    frame,
    view,
    frameSize,
    setView: (change) => setByUser(change(view, frameSize)),
    show: (change) => {
      const next = change(view, frameSize);
      if (next !== view) setChosen({ view: next, isByUser: chosen?.isByUser === true });
    },
    zoom: (factor) => setByUser(zoomed(view, factor, { x: frameSize.width / 2, y: frameSize.height / 2 })),
    drag: useDrag(view, setByUser),
  };
}

/** Whether the wheel still has something to bring into sight that way. */
function isInside(next: View, drawing: Size, frame: Size, { deltaX, deltaY }: WheelEvent): boolean {
  if (Math.abs(deltaX) > Math.abs(deltaY)) {
    return deltaX > 0 ? next.x + drawing.width * next.scale > frame.width - 80 : next.x < 80;
  }
  return deltaY > 0 ? next.y + drawing.height * next.scale > frame.height - 80 : next.y < 80;
}

const DRAG_MIN = 4;

function useDrag(view: View, setView: (view: View) => void): ViewControl['drag'] {
  const from = useRef<{
    readonly x: number;
    readonly y: number;
    readonly view: View;
    isMoving: boolean;
  } | null>(null);
  return {
    onPointerDown(event) {
      if (event.button === 0) from.current = { x: event.clientX, y: event.clientY, view, isMoving: false };
    },
    onPointerMove(event) {
      const start = from.current;
      if (start === null) return;
      const [x, y] = [event.clientX - start.x, event.clientY - start.y];
      if (!start.isMoving && Math.abs(x) + Math.abs(y) < DRAG_MIN) return;
      if (!start.isMoving) event.currentTarget.setPointerCapture(event.pointerId);
      start.isMoving = true;
      setView({ ...start.view, x: start.view.x + x, y: start.view.y + y });
    },
    onPointerUp() {
      from.current = null;
    },
  };
}
