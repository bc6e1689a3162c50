/** Every length of the drawing, in pixels, in one place. Even numbers, so that halves are whole. */

export const NAME_FONT = 13;
export const SMALL_FONT = 10;
export const LINE_HEIGHT = 16;
/** Height of the line below the name that says the type. */
export const TYPE_LINE_HEIGHT = 14;
export const STATE_PADDING_X = 14;
export const STATE_PADDING_Y = 6;
export const STATE_WIDTH_MIN = 104;
/** A name wider than this is wrapped, one with more lines than that is shortened. */
export const NAME_WIDTH_MAX = 176;
export const NAME_LINES_MAX = 4;
/** The slanted ends of a Choice, where no line may end. */
export const CORNER = 14;

/** Diameter of the start mark. */
export const START_SIZE = 12;
/** Between two states of a row. */
export const STATE_GAP = 28;
/** Beside a line that passes a row. */
export const LANE_GAP = 16;
/** Between two lines that pass a row. */
export const LANE_PITCH = 14;
/** Between lines that leave or enter one state. */
export const PORT_PITCH = 16;
/** Between two level lines. */
export const TRACK_PITCH = 12;
/** From the bottom of a row to the first level line, and from the last one to the next row: an arrow's head fits. */
export const CHANNEL_TOP = 12;
export const CHANNEL_BOTTOM = 20;
/** Height of an edge's label; between it and its line. */
export const LABEL_HEIGHT = 14;
export const LABEL_GAP = 4;
/** Upright lines nearer to each other than this are taken for one by the eye. */
export const LINE_CLEARANCE = 6;

/** Around what a Map or Parallel encloses, and between branches. */
export const FRAME_PADDING = 14;
export const BRANCH_GAP = 12;
export const MARGIN = 16;
/** How far corners of lines are rounded. */
export const CORNER_RADIUS = 6;
