import type { LiveMount } from '../engine/engine.ts'
import { type About, type Diagnosis, exitCodeOf } from './diagnosis.ts'
import type { Subject } from './scene.ts'
import { didNotStart, logged, refused } from './telling.ts'

const notFound = /exec: "([^"]*)": (?:executable file not found in \$PATH|stat .*: no such file or directory)/

const hidden = {
  code: 'mount-hides-content',
  cause:
    'What is mounted over a folder of the image hides what the image has there. (A new named volume is filled from the image once, a bind mount never.)',
  evidence: 'A program, a script or a module is not found below the target of a mount.',
  fix: 'Mount a folder further in, or put what is missing into what is mounted.',
}

const noRight = {
  code: 'entrypoint-not-executable',
  cause: 'The file that the container is to run may not be executed: its mode lacks the x bit, or it is a directory.',
  evidence: 'The engine says "permission denied" of an exec, or a shell does; exit code 126.',
  fix: 'chmod +x the file (in git: git update-index --chmod=+x FILE), or have a shell run it: entrypoint: ["sh", "FILE"].',
}

/** Why a program could not be started: the runtime tells it in its own words. */
export const starts: readonly Diagnosis[] = [
  refused({
    code: 'one-string-command',
    cause: 'The command is a list of one element that holds a whole line: it is taken as the name of one program.',
    evidence: 'The engine did not find a program whose name holds blanks.',
    fix: 'Split the words, or give the line to a shell: command: ["sh", "-c", "…"].',
    says: notFound,
    tell([, program = ''], subject, { declared }) {
      if (!program.includes(' ')) return undefined
      const key = declared?.entrypoint?.[0] === program ? 'entrypoint' : 'command'
      return {
        message: `${didNotStart(subject)}: its ${key} is one text, "${program}", which is taken as the name of a program`,
        hint: 'give the line to a shell, or write each word as an element of its own',
        fix: `${key}: ["sh", "-c", ${JSON.stringify(program)}]`,
        attribute: [key],
      }
    },
  }),
  refused({
    code: 'exit-127-not-found',
    cause: 'The image has no program of the name that the container is to run.',
    evidence: 'The engine says "executable file not found in $PATH", or that the file does not exist; exit code 127.',
    fix: 'Correct "command" or "entrypoint", or install the program in the Dockerfile.',
    says: notFound,
    tell([, program = ''], subject, { declared }) {
      if (program.includes(' ') || hiding(program, subject)) return undefined
      const key = declared?.entrypoint?.[0] === program ? 'entrypoint' : 'command'
      return {
        message: `${didNotStart(subject)}: its image has no program "${program}"`,
        hint: `correct "${key}", or install "${program}" in the image`,
        attribute: [key],
      }
    },
  }),
  {
    ...hidden,
    find: (subject, about) => hiddenFromEngine.find(subject, about) ?? hiddenFromProgram.find(subject, about),
  },
  {
    ...noRight,
    find: (subject, about) => refusedToRun.find(subject, about) ?? shellMayNotRun.find(subject, about),
  },
  refused({
    code: 'bad-user',
    cause: 'The user that the container is to run as is not in the image.',
    evidence: 'The engine says "unable to find user" or "unable to find group".',
    fix: 'Write a number (user: "1000:1000"), or make the user in the Dockerfile.',
    says: /unable to find (user|group) ([^:]+): no matching entries/,
    tell([, kind, name], subject) {
      return {
        message: `${didNotStart(subject)}: its image knows no ${kind} "${name}"`,
        hint: `make the ${kind} in the Dockerfile, or write its number`,
        fix: 'user: "1000:1000"',
        attribute: ['user'],
      }
    },
  }),
]

const refusedToRun = refused({
  ...noRight,
  says: /exec: "([^"]*)": (is a directory: )?permission denied/,
  tell([, path = '', directory], subject) {
    if (directory)
      return {
        message: `${didNotStart(subject)}: "${path}" is a directory`,
        hint: 'name the program in it',
        attribute: ['command'],
      }
    return {
      message: `${didNotStart(subject)}: "${path}" is not marked as executable`,
      hint: 'mark it with "chmod +x", or have a shell run it',
      fix: `entrypoint: ["sh", ${JSON.stringify(path)}]`,
      attribute: ['entrypoint'],
    }
  },
})

const shellMayNotRun = logged({
  ...noRight,
  says: /^(?:\/?[\w/.-]*sh): (?:\d+: |line \d+: )?(\/[^:\s]+): Permission denied/,
  tell([, path = ''], { service, container }) {
    if (container?.exitCode !== 126) return undefined
    return {
      message: `"${service}" ended: "${path}" is not marked as executable`,
      evidence: [exitCodeOf(container)],
      hint: `mark it with "chmod +x", or call it by a shell ("sh ${path}")`,
      attribute: ['command'],
    }
  },
})

const hiddenFromEngine = refused({
  ...hidden,
  says: notFound,
  tell([, program = ''], subject, about) {
    const mount = hiding(program, subject)
    if (!mount) return undefined
    return {
      message: `${didNotStart(subject)}: there is no "${program}" in what is mounted at "${mount.target}", which hides the image's`,
      ...missingIn(mount, about),
    }
  },
})

/** An interpreter is there, and what it is to run is not: words of shells, Node.js, Python and the like. */
const hiddenFromProgram = logged({
  ...hidden,
  says: /(?:Cannot find module|can't open(?: file)?|Could not open input file:?|No such file or directory:?) '?(\/[^\s':]+)|'?(\/[^\s':]+)'?: (?:\[Errno 2\] )?(?:No such file or directory|not found)/,
  tell([, after, before], subject, about) {
    const path = after ?? before ?? ''
    const mount = hiding(path, subject)
    if (!mount || subject.container?.state === 'running') return undefined
    return {
      message: `"${subject.service}" does not find "${path}" in what is mounted at "${mount.target}", which hides what the image has there`,
      ...missingIn(mount, about),
    }
  },
})

function missingIn(mount: LiveMount, { declared }: About) {
  const index = (declared?.volumes ?? []).findIndex(({ target }) => target === mount.target)
  return {
    certainty: 'likely' as const,
    evidence: [{ field: 'Mounts', value: `${mount.name ?? mount.source}:${mount.target}` }],
    hint: `look whether it is in "${mount.name ?? mount.source}", or mount a folder further in`,
    attribute: index < 0 ? ['volumes'] : ['volumes', String(index)],
  }
}

const hiding = (program: string, { container }: Subject): LiveMount | undefined =>
  container?.mounts.find(mount => program.startsWith(`${mount.target}/`))
