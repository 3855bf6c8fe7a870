/** Steps that fall due close together are one: what is due shortly after something else is done along with it. */

/** Milliseconds by which work may come early after `periodMs`: a twentieth of that, 30 s at most. */
export function earlinessMs(periodMs: number): number {
  return Math.max(0, Math.min(30_000, 0.05 * periodMs))
}
