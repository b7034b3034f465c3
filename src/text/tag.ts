import type { Scalar } from './node.ts'
import { numberValue, plainValue } from './plain.ts'

/** A scalar under one of YAML's own tags, `!!str 12`; undefined when the text does not fit, which is told. */
export function tagged(tag: string, text: string, tell: (message: string) => void): Scalar['value'] | undefined {
  const misfit = (what: string): undefined => {
    tell(`"${text}" is not ${what}`)
  }
  switch (tag) {
    case 'str':
      return text
    case 'null':
      return plainValue(text) === null ? null : misfit('null')
    case 'bool': {
      const value = plainValue(text)
      return typeof value === 'boolean' ? value : misfit('true or false')
    }
    case 'int': {
      const value = numberValue(text)
      return typeof value === 'number' || typeof value === 'bigint' ? value : misfit('a whole number')
    }
    case 'float': {
      const value = numberValue(text)
      if (typeof value === 'number' || typeof value === 'bigint') return { float: Number(value) }
      return value ?? misfit('a number')
    }
    case 'binary': {
      const bytes = Buffer.from(text.replaceAll(/\s/g, ''), 'base64')
      return bytes.toString('base64').replaceAll('=', '') === text.replaceAll(/[\s=]/g, '')
        ? bytes.toString('utf8')
        : misfit('base64')
    }
    default:
      return text
  }
}
