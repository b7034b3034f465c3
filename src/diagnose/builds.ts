import { isAbsolute, join } from 'node:path'
import type { About, Diagnosis } from './diagnosis.ts'
import { refused } from './telling.ts'

/** Images that cannot be built. The engine's words come with what BuildKit puts before them, or already without. */
export const builds: readonly Diagnosis[] = [
  refused({
    code: 'build-copy-missing',
    cause: 'A COPY or ADD names a file that is not in the build context, or that .dockerignore leaves out.',
    evidence:
      'The build says "failed to calculate checksum … not found" or "COPY failed: file not found in build context".',
    fix: 'Correct the path (it counts from the context), or the rules of .dockerignore.',
    doing: ['build'],
    says: /^"(.+)" is not in the build context|failed to calculate checksum of ref [^:]*(?:::\S*)?: "?([^":]+)"?: not found|COPY failed: (?:file not found in build context or excluded by \.dockerignore: stat |stat )([^:]+):|failed to compute cache key: "?\/?([^":]+)"?: not found|lstat (?:\S*\/merged)?(\/[^:]+): no such file or directory/,
    tell([, told, checksum, classic, older, elsewhere], { service }, about) {
      if (elsewhere !== undefined)
        return {
          message: `the build of "${service}" copies "${elsewhere}" from a stage or an image that does not have it`,
          hint: 'correct the path, or let that stage make it',
          attribute: ['build'],
        }
      const path = told ?? checksum ?? classic ?? older ?? ''
      const there = inContext(path, about)
      return {
        message: `the build of "${service}" copies "${path}", ${
          there === undefined
            ? 'which is not in its context, or is left out by .dockerignore'
            : there
              ? 'which .dockerignore leaves out'
              : 'which is not in its context'
        }`,
        hint: there
          ? `let it in: a line "!${path}" at the end of .dockerignore`
          : 'correct the path, which counts from the context ("build.context")',
        attribute: ['build'],
      }
    },
  }),
  refused({
    code: 'build-step-failed',
    cause: 'A command of the Dockerfile ended with an error.',
    evidence: 'The build says "did not complete successfully: exit code" or "returned a non-zero code".',
    fix: 'Its output says why. 127: the base image lacks the program. 137: memory.',
    doing: ['build'],
    says: /process "(.*)" did not complete successfully: exit code: (\d+)|The command '([^']*)' returned a non-zero code: (\d+)|executor failed running \[(.*)\]: exit code: (\d+)|(?:process "(.*)" did not complete successfully|executor failed running \[(.*)\]): (?!exit code)(.+)/s,
    tell([, process, a, classic, b, older, c, other, another, said], { service }) {
      const command = (process ?? classic ?? older ?? other ?? another)?.replace(/^\/bin\/sh -c /, 'RUN ')
      const status = Number(a ?? b ?? c)
      return {
        message: `the build of "${service}" failed: "${command}" ${said === undefined ? `ended with ${status}` : `could not be run: ${said}`}`,
        hint: said === undefined ? (stepHints[status] ?? 'its output says why') : 'correct that in the Dockerfile',
        attribute: ['build'],
      }
    },
  }),
  refused({
    code: 'build-input-missing',
    cause:
      'What the build starts from is not there, or cannot be read: the Dockerfile, the context, a stage, a secret.',
    evidence:
      'The build says which: "failed to read dockerfile", "target stage … could not be found", "unknown instruction", "secret …: not found".',
    fix: 'Correct the name; a misspelt COPY --from is read as an image’s name.',
    doing: ['build'],
    says: /failed to read dockerfile: open (?<file>[^:]+)|^the Dockerfile "(?<dockerfile>[^"]+)" (?:does not exist|is [^"]*)|^(?:the build context|unable to prepare context: path) "(?<context>[^"]+)" (?<how>not found|is not a directory)|target stage "?(?<stage>[^"]+?)"? could not be found(?<near> \(did you mean .*\?\))?|failed to reach build target (?<target>\S+) in Dockerfile|secret (?<secret>\S+?)(?: not found)?: not found|no SSH agent was given for "(?<agent>[^"]+)"|^Get "(?<url>[^"]+)": (?<because>.+)|dockerfile parse error (?:on )?line (?<line>\d+): (?<said>[^\n]*)|^(?<wrong>unknown instruction: [^\n]*|file with no instructions|no build stage in current context|Syntax error - [^\n]*|\S+ requires (?:at least |exactly )?\w+ arguments?[^\n]*|circular dependency detected[^\n]*|unexpected end of statement[^\n]*)/i,
    tell({ groups = {} }, { service }) {
      const [what, hint, attribute] = inputTold(groups)
      return { message: `the build of "${service}" failed: ${what}`, hint, attribute: ['build', ...attribute] }
    },
  }),
]

/** What a shell's exit code says of a step. */
const stepHints: Readonly<Record<number, string>> = {
  126: 'what it calls is not executable: "chmod +x" before, or call it by its interpreter',
  127: 'the base image lacks a program that it calls: install it first',
  137: 'it was killed, mostly for memory: give the builder more, or build with fewer jobs at once',
  255: 'what it calls may be for another kind of machine: look at the platform of the base image',
}

/** Whether a file is where the context begins; undefined where that is not on this machine, or is not known. */
function inContext(path: string, { declared, ask }: About): boolean | undefined {
  const context = declared?.build?.context
  if (context === undefined || !isAbsolute(context) || path === '') return undefined
  const found = ask({ what: 'host-path', path: join(context, path) })
  return found === 'unknown' ? undefined : found.kind !== 'none'
}

type Words = Readonly<Record<string, string | undefined>>

function inputTold({
  file,
  dockerfile,
  context,
  how,
  stage,
  near,
  target,
  secret,
  agent,
  line,
  said,
  wrong,
  url,
  because,
}: Words): readonly [what: string, hint: string, attribute: readonly string[]] {
  if (dockerfile ?? file)
    return [
      `there is no Dockerfile "${dockerfile ?? file}"`,
      'correct "dockerfile", which counts from the context',
      ['dockerfile'],
    ]
  if (context)
    return [
      `its context "${context}" ${how === 'not found' ? 'does not exist' : how}`,
      'correct "context", which counts from this file',
      ['context'],
    ]
  if (stage ?? target)
    return [
      `its Dockerfile has no stage "${stage ?? target}"${near ?? ''}`,
      'correct "target", or name a stage so: FROM image AS name',
      ['target'],
    ]
  if (secret)
    return [
      `it wants the secret "${secret}", which "build.secrets" does not give`,
      'list it there, and declare it under "secrets" of the project',
      ['secrets'],
    ]
  if (agent)
    return [`it wants the SSH agent "${agent}", which "build.ssh" does not give`, `write "ssh: [${agent}]"`, ['ssh']]
  if (url)
    return [
      `"${url}" cannot be fetched: ${because}`,
      'correct the address, or mend the network of the engine’s machine',
      [],
    ]
  return [`its Dockerfile${line ? `, line ${line}` : ''}: ${said ?? wrong}`, 'correct that line', ['dockerfile']]
}
