/** What a template takes for yes: not an empty text or list, 0, false, or nothing. */
export const truthy = (value: unknown): boolean =>
  Array.isArray(value)
    ? value.length > 0
    : isRecord(value)
      ? Object.keys(value).length > 0
      : value !== '' && value !== 0 && value !== false && value !== undefined && value !== null

/** A value as Go prints it: lists as `[a b]`, records by their values as `{a b}`. */
export function shown(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(shown).join(' ')}]`
  if (isRecord(value)) return `{${Object.values(value).map(shown).join(' ')}}`
  return String(value ?? '')
}

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  value !== null && typeof value === 'object' && !Array.isArray(value)
