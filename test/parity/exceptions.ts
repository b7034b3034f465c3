/** Projects of which docker compose 5.5 makes something else than we do, on purpose, and why. */
export const exceptions: ReadonlyMap<string, string> = new Map([])
