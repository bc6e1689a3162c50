/** How deep a template may nest. */
export const TEMPLATE_DEPTH_MAX = 200;
