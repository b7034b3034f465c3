import type { Span } from './source.ts'

/** Where each attribute of a loaded project was written: kept through merging, extends, include and env files. */
export interface Origin {
  /** The place of an attribute by its path (`['services', 'web', 'environment', 'A']`), else of the nearest attribute around it. */
  at(path: readonly string[]): Span | undefined
}

export const nowhere: Origin = { at: () => undefined }
