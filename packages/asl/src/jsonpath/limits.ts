/** Longest path accepted, in UTF-16 code units: a definition holds at most 1 MB, a path is a line. */
export const PATH_LENGTH_MAX = 65_536;
/** How deep filters, function arguments and literals in a path may nest. */
export const PATH_DEPTH_MAX = 64;
/** Values one evaluation may look at; beyond it the path fails instead of holding the process up. */
export const PATH_STEPS_MAX = 10_000_000;
