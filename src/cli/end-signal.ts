/** Aborts when the process is asked to end (SIGINT, SIGTERM). A second request ends it at once. */
export function endSignal(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => controller.abort(new Error(`asked to end by ${signal}`)));
  }
  return controller.signal;
}
