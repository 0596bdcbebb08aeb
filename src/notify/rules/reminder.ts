/** How often what has no end was told already: part of a notice's id, so that it is told again each time this grows. */
export function remindersSince(since: number, now: number, everySeconds: number): number {
  return Math.max(0, Math.floor((now - since) / everySeconds));
}
