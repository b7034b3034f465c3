import type { Environment } from './variables.ts'

/** Variables as a platform finds them: on Windows under their names in any case, the exact one first, of others the last. */
export function platformEnvironment(variables: Environment, windows: boolean): Environment {
  if (!windows) return variables
  const anyCase = new Map(Object.entries(variables).map(([name, value]) => [name.toUpperCase(), value]))
  return new Proxy(variables, {
    get: (exact, name) =>
      typeof name === 'string' && !Object.hasOwn(exact, name)
        ? anyCase.get(name.toUpperCase())
        : Reflect.get(exact, name),
  })
}
