import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { EngineError } from './errors.ts'

// As an ES module node:http loads undici as well, 25 ms.
const http = () => process.getBuiltinModule('node:http')

/**
 * What every request to an engine is to carry besides: DOCKER_CUSTOM_HEADERS ("name=value,name=value", a line of CSV), or else
 * `HttpHeaders` of docker's configuration. Throws EngineError `invalid`, without the values: they may be secrets.
 */
export function customHeaders(
  folder: string,
  env: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  const written = env['DOCKER_CUSTOM_HEADERS']
  if (written) return checked(pairs(written), 'DOCKER_CUSTOM_HEADERS')
  const path = join(folder, 'config.json')
  const text = textOf(path)
  // Most have none, and whoever needs the file says that it cannot be read.
  if (!text.includes('HttpHeaders')) return {}
  return checked(configured(text), `HttpHeaders of ${path}`)
}

/** Read at once: each wait would be one for the files of the project, which are read meanwhile without a pause. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function pairs(text: string): Record<string, string> {
  const fields = [...text.matchAll(/(?:^|,)(?:\s*"((?:[^"]|"")*)"|([^,]*))/g)]
  return Object.fromEntries(
    fields.map(([, quoted, plain]) => {
      const field = quoted?.replaceAll('""', '"') ?? plain!
      const at = field.indexOf('=')
      if (at < 0 || field.slice(0, at).trim() === '')
        throw new EngineError('invalid', 'DOCKER_CUSTOM_HEADERS holds something that is not "name=value"', {
          hint: 'separate several with commas, and put one that has a comma in double quotes',
        })
      return [field.slice(0, at).trim(), field.slice(at + 1)]
    }),
  )
}

function configured(text: string): Record<string, string> {
  try {
    const { HttpHeaders: headers } = JSON.parse(text) as { readonly HttpHeaders?: Readonly<Record<string, unknown>> }
    return Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name, String(value)]))
  } catch {
    return {}
  }
}

function checked(headers: Record<string, string>, from: string): Record<string, string> {
  for (const [name, value] of Object.entries(headers))
    try {
      http().validateHeaderName(name)
      http().validateHeaderValue(name, value)
    } catch {
      throw new EngineError('invalid', `"${name}" cannot be a header, or not with its value (${from})`)
    }
  return headers
}
