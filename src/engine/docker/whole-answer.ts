/** One answer of HTTP/1.1, from its head to its end. */
export interface WholeAnswer {
  readonly status: number
  readonly body: string
  /** Whether another may follow on the same connection. */
  readonly goesOn: boolean
  /** Where the next one begins. */
  readonly end: number
}

const END_OF_LINE = '\r\n'

/**
 * The answer that begins at `from`; undefined while some of it has not come (RFC 9112, 6 and 7.1). Throws where it does not say how long it
 * is: such a one ends with its connection.
 */
export function wholeAnswer(bytes: Buffer, from: number): WholeAnswer | undefined {
  const headEnd = bytes.indexOf('\r\n\r\n', from)
  if (headEnd < 0) return undefined
  const [first = '', ...headers] = bytes.toString('latin1', from, headEnd).split(END_OF_LINE)
  const status = Number(/^HTTP\/1\.1 ([2-5]\d\d)\b/.exec(first)?.[1])
  if (Number.isNaN(status)) throw new Error(`no answer that another may follow: ${first}`)
  const header = (name: string) =>
    headers
      .find(line => line.toLowerCase().startsWith(`${name}:`))
      ?.slice(name.length + 1)
      .trim()
      .toLowerCase()
  const body = header('transfer-encoding') === 'chunked' ? chunked(bytes, headEnd + 4) : sized(header('content-length'))
  return body && { status, goesOn: header('connection') !== 'close', ...body }

  function sized(length: string | undefined): Pick<WholeAnswer, 'body' | 'end'> | undefined {
    if (length === undefined || !/^\d+$/.test(length)) throw new Error('the answer does not say how long it is')
    const end = headEnd + 4 + Number(length)
    return bytes.length < end ? undefined : { body: bytes.toString('utf8', headEnd + 4, end), end }
  }
}

function chunked(bytes: Buffer, from: number): Pick<WholeAnswer, 'body' | 'end'> | undefined {
  const chunks: Buffer[] = []
  for (let at = from; ; ) {
    const lineEnd = bytes.indexOf(END_OF_LINE, at)
    if (lineEnd < 0) return undefined
    const size = Number.parseInt(bytes.toString('latin1', at, lineEnd), 16)
    if (Number.isNaN(size)) throw new Error('a chunk of the answer has no size')
    const begin = lineEnd + END_OF_LINE.length
    const end = begin + size
    if (bytes.length < end + END_OF_LINE.length) return undefined
    if (size === 0) return { body: Buffer.concat(chunks).toString(), end: end + END_OF_LINE.length }
    chunks.push(bytes.subarray(begin, end))
    at = end + END_OF_LINE.length
  }
}
