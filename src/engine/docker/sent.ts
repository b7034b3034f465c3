/** Without the keys that are undefined: what a specification leaves out is not sent. */
export function sent<T extends object>(body: { readonly [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined)) as T
}
