import type { Problem } from './problem.ts'
import type { Source } from './source.ts'

/** No Compose file is larger: a bigger one is a mistake (an archive, a log), and reading it would take minutes. */
export const largest = 16 * 1024 * 1024

/**
 * The text of a file's bytes: UTF-8, or UTF-16 with its mark; a lone carriage return becomes a line feed, as YAML has it.
 * Anything else is a problem, and the text is then as good as could be made.
 */
export function decode(name: string, bytes: Uint8Array): { readonly source: Source; readonly problem?: Problem } {
  const encoding =
    bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8'
  const text = new TextDecoder(encoding).decode(bytes)
  const source: Source = { name, text: /\r(?!\n)/.test(text) ? text.replaceAll(/\r(?!\n)/g, '\n') : text }
  const problem = unreadable(source, bytes, encoding)
  return problem ? { source, problem } : { source }
}

function unreadable(source: Source, bytes: Uint8Array, encoding: string): Problem | undefined {
  const at = (start: number) => ({ source, start, end: start + 1 })
  const wrong = (message: string, hint: string, start: number): Problem => ({
    code: 'bad-encoding',
    severity: 'error',
    message,
    hint,
    at: at(start),
  })
  const { text } = source
  // Only then can a replacement character be ours and not the file's own.
  if (encoding === 'utf-8' && text.includes('\ufffd') && !isUtf8(bytes))
    return wrong('the file is not UTF-8 text', 'save it as UTF-8', text.indexOf('\ufffd'))
  // eslint-disable-next-line no-control-regex -- these are what YAML forbids, and go-yaml
  const control = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]/.exec(text)
  if (!control) return undefined
  const code = control[0].charCodeAt(0)
  if (code === 0 && text.indexOf('\0', control.index + 1) > 0 && text.length > 3)
    return wrong(
      'the file holds zero bytes: it is binary, UTF-32, or UTF-16 without its mark',
      'save it as UTF-8',
      control.index,
    )
  return wrong(
    `the character U+${code.toString(16).toUpperCase().padStart(4, '0')} is not allowed in YAML`,
    'remove it, or write it as an escape in double quotes',
    control.index,
  )
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return true
  } catch {
    return false
  }
}
