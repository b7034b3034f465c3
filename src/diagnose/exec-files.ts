import { type About, type Diagnosis, envSays, exitCodeOf, lastLine } from './diagnosis.ts'
import type { Found } from './finding.ts'
import type { FileFact, Subject } from './scene.ts'

/** Why the kernel could not run a file that is there: it says so when the container has started already, with exit code 255. */
export const execFiles: readonly Diagnosis[] = [
  {
    code: 'crlf-script',
    cause:
      'The start script has Windows line ends: the kernel looks for an interpreter whose name ends in a carriage return.',
    evidence:
      'Exit code 255, the log says "exec FILE: no such file or directory" (127 and "not found" where a shell starts it), the file exists and its first line ends in CR LF.',
    fix: 'Convert the file to LF line ends; in .gitattributes: *.sh text eol=lf.',
    find: (subject, about) => crlfByEnv(subject) ?? crlf(subject, about),
  },
  {
    code: 'interpreter-missing',
    cause: 'The start script, or the program, asks for an interpreter or a loader that the image does not have.',
    evidence: 'Exit code 255, the log says "exec FILE: no such file or directory", and the file exists.',
    fix: 'Write an interpreter that the image has (#!/bin/sh), or install the one that is asked for.',
    find: whereNotFound((subject, path, { head }, { ask }) => {
      const script = /^#! *(\S+)/.exec(head)?.[1]
      const loader = head.startsWith('\u007fELF') ? /\/lib\S*\/ld-[\w.-]+/.exec(head)?.[0] : undefined
      const wanted = script ?? loader
      if (wanted === undefined || /^#![^\n]*\r\n/.test(head)) return undefined
      const there = ask({ what: 'file', container: subject.container!.id, path: wanted })
      if (there !== 'unknown' && there.kind !== 'none') return undefined
      return {
        message: `"${subject.service}" ended at once: "${path}" wants "${wanted}", which its image does not have`,
        evidence: [
          script === undefined
            ? { field: `loader of ${path}`, value: wanted }
            : { field: `first line of ${path}`, value: head.split('\n', 1)[0]! },
        ],
        ...(there === 'unknown' && { certainty: 'likely' as const }),
        hint:
          script === undefined
            ? 'the program was built for another libc: build it in the image, or use an image that has this one'
            : 'write "#!/bin/sh", or install that interpreter',
      }
    }),
  },
  {
    code: 'exec-format',
    cause:
      'The kernel does not know how to run the file: it has no "#!" line, begins with a byte order mark, is empty, or was built for another machine.',
    evidence: 'Exit code 255, and the log says "exec FILE: exec format error".',
    fix: 'Begin the script with #!/bin/sh and nothing before it; build the program for the engine’s machine.',
    find(subject, about) {
      const path = lastLine(subject.log, /^exec ([^:]+): exec format error/)?.[1]
      const { container } = subject
      if (path === undefined || container === undefined) return undefined
      const file = about.ask({ what: 'file', container: container.id, path })
      const why = file === 'unknown' ? undefined : badFormat(file, about.scene.engine.arch)
      if (why?.machine) return undefined
      return {
        message: `"${subject.service}" ended at once: the kernel cannot run "${path}"${why ? `: ${why.because}` : ''}`,
        evidence: [exitCodeOf(container), { field: 'log', value: `exec ${path}: exec format error` }],
        certainty: why ? 'certain' : 'likely',
        hint: why?.hint ?? 'begin it with "#!/bin/sh", or build it for this machine',
      }
    },
  },
  {
    code: 'arch-mismatch',
    cause: 'The program was built for another kind of machine than the engine’s.',
    evidence: 'The log says "exec format error", and the program’s or the image’s architecture is not the engine’s.',
    fix: 'Name a platform that the image is there for (platform: linux/amd64), or build for this one (build.platforms).',
    find(subject, { ask, scene }) {
      const path = lastLine(subject.log, /^exec ([^:]+): exec format error/)?.[1]
      const { container, image } = subject
      if (path === undefined || container === undefined || scene.engine.arch === '') return undefined
      const file = ask({ what: 'file', container: container.id, path })
      const machine = file === 'unknown' ? undefined : badFormat(file, scene.engine.arch)?.machine
      const other =
        machine ?? (file === 'unknown' && image && image.arch !== scene.engine.arch ? image.arch : undefined)
      if (other === undefined) return undefined
      return {
        message: `"${subject.service}" ended at once: "${path}" is for ${other}, and the engine's machine is ${scene.engine.arch}`,
        evidence: [
          exitCodeOf(container),
          { field: 'log', value: `exec ${path}: exec format error` },
          ...(image ? [{ field: 'Architecture of the image', value: image.arch }] : []),
        ],
        certainty: machine === undefined ? 'likely' : 'certain',
        hint: 'pull or build the image for this machine',
        fix: `platform: ${scene.engine.os}/${scene.engine.arch}`,
        attribute: ['platform'],
      }
    },
  },
]

/** Not found, though it is there: as the runtime tells it, or a shell that was to run it. */
const notFound =
  /^exec ([^:]+): no such file or directory|^(?:\/?[\w/.-]*sh): (?:\d+: |line \d+: )?(\/[^:\s]+): not found/

/** `exec FILE: no such file or directory` of a file that is there. */
function whereNotFound(
  tell: (
    subject: Subject,
    path: string,
    file: FileFact,
    about: About,
  ) => (Omit<Found, 'certainty'> & Partial<Pick<Found, 'certainty'>>) | undefined,
): Diagnosis['find'] {
  return (subject, about) => {
    const words = lastLine(subject.log, notFound)
    const path = words?.[1] ?? words?.[2]
    const { container } = subject
    if (path === undefined || container === undefined) return undefined
    const file = about.ask({ what: 'file', container: container.id, path })
    if (file === 'unknown' || file.kind !== 'file') return undefined
    const told = tell(subject, path, file, about)
    const log = { field: 'log', value: words!.input }
    return told && { certainty: 'certain', ...told, evidence: [exitCodeOf(container), log, ...told.evidence] }
  }
}

const crlf = whereNotFound((subject, path, { head }) =>
  /^#![^\n]*\r\n/.test(head)
    ? {
        message: `"${subject.service}" ended at once: "${path}" has Windows line ends`,
        evidence: [{ field: `first line of ${path}`, value: JSON.stringify(head.split('\n', 1)[0]) }],
        hint: 'convert it to LF line ends, and keep git from turning them back',
        fix: '# .gitattributes\n*.sh text eol=lf',
      }
    : undefined,
)

/** `#!/usr/bin/env sh` with Windows line ends: it is env that looks for a program whose name ends in a carriage return. */
function crlfByEnv(subject: Subject): Found | undefined {
  const line = subject.container?.exitCode === 127 ? lastLine(subject.log, envSays) : undefined
  if (!line || !/(?:\r|\\r|\^M)$/.test(line[1]!)) return undefined
  return {
    message: `"${subject.service}" ended at once: its start script has Windows line ends`,
    evidence: [exitCodeOf(subject.container!), { field: 'log', value: JSON.stringify(line.input) }],
    certainty: 'certain',
    hint: 'convert it to LF line ends, and keep git from turning them back',
    fix: '# .gitattributes\n*.sh text eol=lf',
  }
}

/** e_machine of ELF (elf.h), as engines call the architecture. */
const machines: Readonly<Record<number, string>> = {
  3: '386',
  40: 'arm',
  62: 'amd64',
  183: 'arm64',
  22: 's390x',
  243: 'riscv64',
  21: 'ppc64le',
}

interface BadFormat {
  readonly because: string
  readonly hint: string
  /** The architecture that a program is for, where it is another one. */
  readonly machine?: string
}

function badFormat({ head }: FileFact, arch: string): BadFormat | undefined {
  if (head === '') return { because: 'it is empty', hint: 'look how it got into the image, or into what is mounted' }
  if (head.startsWith('\u00ef\u00bb\u00bf'))
    return { because: 'a byte order mark stands before its "#!"', hint: 'save it without one' }
  if (head.startsWith('\u007fELF')) {
    const little = head.charCodeAt(5) === 1
    const [low, high] = little ? [18, 19] : [19, 18]
    const machine = machines[head.charCodeAt(low) + 256 * head.charCodeAt(high)]
    return machine === undefined || machine === arch || arch === ''
      ? undefined
      : { because: `it is for ${machine}`, hint: '', machine }
  }
  return head.startsWith('#!')
    ? undefined
    : { because: 'it does not begin with "#!"', hint: 'write "#!/bin/sh" as its first line' }
}
