/**
 * Which interpreter this is. It goes up when the same turns would no longer give the same events: what older ones began is then
 * replayed on trial (journal/replay.ts asserts every turn), and its history is kept where it is archived.
 */
export const INTERPRETER_VERSION = 1;
