import type { Found } from '../../build.ts'
import { lineSpan } from './dockerfile-lines.ts'

/** What the frontend answers, where Go writes an empty list as null, to "frontend.lint". Source: frontend/subrequests/lint of moby/buildkit. */
interface Answer {
  readonly warnings?:
    | readonly {
        readonly ruleName?: string
        readonly description?: string
        readonly detail?: string
        readonly url?: string
        readonly location?: Location
      }[]
    | null
  readonly sources?: readonly { readonly filename?: string; readonly data?: string }[] | null
  /** The Dockerfile cannot be built at all. */
  readonly buildError?: { readonly message?: string; readonly location?: Location } | null
}

interface Location {
  readonly sourceIndex?: number
  readonly ranges?: readonly { readonly start?: { readonly line?: number } }[] | null
}

/** In the order of the Dockerfile's lines. */
export function foundIn(json: string): readonly Found[] {
  const { warnings, sources, buildError } = JSON.parse(json) as Answer
  const spanOf = ({ sourceIndex = 0, ranges }: Location = {}) => {
    const { filename = 'Dockerfile', data } = sources?.[sourceIndex] ?? {}
    const line = ranges?.[0]?.start?.line
    if (data === undefined || line === undefined) return undefined
    return lineSpan({ filename, text: Buffer.from(data, 'base64').toString('utf8') }, line)
  }
  const found = (warnings ?? []).map(({ ruleName = '', description = '', detail, url, location }): Found => {
    const at = spanOf(location)
    return { message: `${ruleName}: ${detail ?? description}`, ...(url && { url }), ...(at && { at }) }
  })
  if (buildError?.message) {
    const at = spanOf(buildError.location)
    found.push({
      message: buildError.message.replace(/^dockerfile parse error (?:on )?line \d+: /, ''),
      ...(at && { at }),
    })
  }
  return found.toSorted((a, b) => (a.at?.start ?? 0) - (b.at?.start ?? 0))
}
