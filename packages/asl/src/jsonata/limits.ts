/** Items looked at and calls made in one evaluation; beyond it the expression counts as running for ever. */
export const STEPS_MAX = 5_000_000;
/** Nested calls of functions, each weighed by the depth of the expression that is its body. */
export const CALL_DEPTH_MAX = 2500;
/** How deep an expression may nest. */
export const EXPRESSION_DEPTH_MAX = 400;
/** Longest text of an expression, in UTF-16 code units. */
export const EXPRESSION_LENGTH_MAX = 262_144;
/** Most items of a sequence. */
export const SEQUENCE_LENGTH_MAX = 10_000_000;
/** Most items of a range: 873,782 is what AWS still accepts, measured by others (floci issue 2737). */
export const RANGE_LENGTH_MAX = 873_782;
/** Longest text that one function makes, in UTF-16 code units: AWS accepts 2^22 characters and refuses 2^23. */
export const STRING_LENGTH_MAX = 4_194_304;
