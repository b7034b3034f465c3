import { read } from '../../../base/protobuf.ts'
import type { Span } from '../../../text/source.ts'
import { EngineError } from '../../errors.ts'
import { engineError, Refused } from '../errors.ts'
import { type DockerfileText, lineOf, lineSpan } from './dockerfile-lines.ts'
import { CallFailed, CODE } from './grpc.ts'

/** What is known of a build that failed besides its error. */
export interface Failing {
  /** The step that failed: "[web 2/3] RUN make". */
  readonly step?: string | undefined
  /** The Dockerfile that it is from. */
  readonly dockerfile?: DockerfileText | undefined
}

/** An ended build as EngineError, in few words and with the place in the Dockerfile. */
export function buildFailure(
  error: unknown,
  { step, dockerfile }: Failing,
  signal: AbortSignal | undefined,
): EngineError {
  if (!(error instanceof CallFailed)) return engineError(error, signal)
  if (signal?.aborted || error.code === CODE.cancelled)
    return new EngineError('cancelled', 'cancelled', { cause: error })
  const message = error.message.replace(PREFIXES, '')
  // An error of an engine has a status, and so a reason and a hint where its sentence is known.
  const known = engineError(new Refused(500, message))
  const at = placeOf(error) ?? guessed(message, step, dockerfile)
  const { says = message, hint = known.hint } = rewritten(message, step)
  return new EngineError(known.reason, says, {
    ...(hint !== undefined && { hint }),
    ...(at && { at }),
    cause: error,
  })
}

/** Where BuildKit has been when it failed, which says nothing to whoever wrote the Dockerfile. */
const PREFIXES =
  /^(?:failed to (?:solve(?: with frontend \S+?)?|read dockerfile|create LLB definition|compute cache key|load cache key|prepare \S+ as \S+|calculate checksum of ref \S+): )+/

const REWRITTEN: readonly {
  readonly says: RegExp
  readonly instead?: (found: RegExpExecArray) => string
  readonly hint?: string
}[] = [
  {
    // 28: process "/bin/sh -c make" did not complete successfully: exit code: 2; 20.10: executor failed running [/bin/sh -c make]: exit code: 2
    says: /^(?:process "(.*)" did not complete successfully|executor failed running \[(.*)\]): exit code: (\d+)/s,
    // Docker's own sentence of today, whichever engine it is: scripts look for it.
    instead: ([, process, running, code]) =>
      `failed to solve: process "${process ?? running}" did not complete successfully: exit code: ${code}`,
  },
  { says: /^dockerfile parse error (?:on )?line \d+: /, instead: ({ input, 0: all }) => input.slice(all.length) },
  {
    says: /^"\/?(.*)" not found: not found$|^"\/?(.*)": not found$/s,
    instead: ([, old, path]) => `"${old ?? path}" is not in the build context`,
    hint: 'it is not there, or .dockerignore leaves it out',
  },
  {
    says: /^granting entitlement (\S+) is not allowed by build daemon configuration/,
    hint: 'allow it in the engine’s configuration, under "builder.entitlements", or leave it out',
  },
]

function rewritten(message: string, step: string | undefined): { readonly says?: string; readonly hint?: string } {
  const { says, instead, hint } =
    REWRITTEN.find(({ says }) => says.test(message) && (!/not found/.test(says.source) || isCopy(step))) ?? {}
  const found = says?.exec(message)
  return { ...(found && instead && { says: instead(found) }), ...(hint !== undefined && { hint }) }
}

const isCopy = (step: string | undefined) => /^(?:\[.*?\] )?(?:COPY|ADD)\b/.test(step ?? '')

/** The first place in a Dockerfile that the error's details name: from Docker 23 on. */
function placeOf({ status }: CallFailed): Span | undefined {
  if (!status) return undefined
  for (const detail of read(status).all(3)) {
    const any = read(detail)
    if (!any.text(1).endsWith('buildkit/errdefs.Source+json')) continue
    const { info, ranges } = JSON.parse(any.text(2)) as SourceDetail
    const line = ranges?.[0]?.start?.line
    if (line === undefined || info?.data === undefined) continue
    const text = Buffer.from(info.data, 'base64').toString('utf8')
    return lineSpan({ filename: info.filename ?? 'Dockerfile', text }, line)
  }
  return undefined
}

interface SourceDetail {
  readonly info?: { readonly filename?: string; readonly data?: string }
  readonly ranges?: readonly { readonly start?: { readonly line?: number } }[]
}

/** Docker 20.10 names a line in few of its messages, and otherwise only the step. */
function guessed(message: string, step: string | undefined, dockerfile: Failing['dockerfile']): Span | undefined {
  if (!dockerfile) return undefined
  const named = /^dockerfile parse error (?:on )?line (\d+)/.exec(message)?.[1]
  const line = named ? Number(named) : step === undefined ? undefined : lineOf(dockerfile.text, step)
  return line === undefined ? undefined : lineSpan(dockerfile, line)
}
