import { type Diagnosis, refusal } from './diagnosis.ts'

const notFound = /exec: "([^"]*)": (?:executable file not found in \$PATH|stat [^:]*: no such file or directory)/

/** Why a container could not be started: the runtime tells it in its own words. */
export const starts: readonly Diagnosis[] = [
  {
    code: 'one-string-command',
    cause: 'The command is a list of one element that holds a whole line: it is taken as the name of one program.',
    evidence: 'The engine says that it did not find a program whose name holds blanks.',
    fix: 'Split the words, or give the line to a shell: command: ["sh", "-c", "…"].',
    find(subject, { declared }) {
      const said = refusal(subject)
      const program = notFound.exec(said)?.[1]
      if (program === undefined || !program.includes(' ')) return undefined
      const key = (declared?.entrypoint?.length ?? 0) > 0 ? 'entrypoint' : 'command'
      return {
        message: `"${subject.service}" did not start: its ${key} is one text, "${program}", which is taken as the name of a program`,
        evidence: [{ field: 'State.Error', value: said }],
        certainty: 'certain',
        hint: 'give the line to a shell, or write each word as an element of its own',
        fix: `${key}: ["sh", "-c", ${JSON.stringify(program)}]`,
        attribute: [key],
      }
    },
  },
  {
    code: 'exit-127-not-found',
    cause: 'The image has no program of the name that the container is to run.',
    evidence: 'The engine says "executable file not found in $PATH", or that the file does not exist; exit code 127.',
    fix: 'Correct "command" or "entrypoint", or install the program in the Dockerfile.',
    find(subject, { declared }) {
      const said = refusal(subject)
      const program = notFound.exec(said)?.[1]
      if (program === undefined || program.includes(' ')) return undefined
      const hides = subject.container?.mounts.find(m => program.startsWith(`${m.target}/`))
      const key = declared?.entrypoint?.[0] === program ? 'entrypoint' : 'command'
      return {
        message: hides
          ? `"${subject.service}" did not start: there is no "${program}" in what is mounted at "${hides.target}"`
          : `"${subject.service}" did not start: its image has no program "${program}"`,
        evidence: [{ field: 'State.Error', value: said }],
        certainty: 'certain',
        hint: hides
          ? `look whether the program is in "${hides.name ?? hides.source}"`
          : `correct "${key}", or install "${program}" in the image`,
        attribute: [key],
      }
    },
  },
  {
    code: 'entrypoint-not-executable',
    cause: 'The file that the container is to run may not be executed: its mode lacks the x bit, or it is a directory.',
    evidence: 'The engine says "permission denied" of an exec; exit code 126.',
    fix: 'chmod +x the file (in git: git update-index --chmod=+x FILE), or run it through a shell: entrypoint: ["sh", "FILE"].',
    find(subject) {
      const said = refusal(subject)
      const [, path, directory] = /exec: "([^"]*)": (is a directory: )?permission denied/.exec(said) ?? []
      if (path === undefined) return undefined
      return {
        message: directory
          ? `"${subject.service}" did not start: "${path}" is a directory`
          : `"${subject.service}" did not start: "${path}" is not marked as executable`,
        evidence: [{ field: 'State.Error', value: said }],
        certainty: 'certain',
        hint: directory ? 'name the program in it' : `mark it ("chmod +x"), or have a shell run it`,
        ...(!directory && { fix: `entrypoint: ["sh", ${JSON.stringify(path)}]` }),
        attribute: ['entrypoint'],
      }
    },
  },
  {
    code: 'bad-user',
    cause: 'The user that the container is to run as is not in the image.',
    evidence: 'The engine says "unable to find user" or "unable to find group".',
    fix: 'Write a number (user: "1000:1000"), or make the user in the Dockerfile.',
    find(subject) {
      const said = refusal(subject)
      const [, kind, name] = /unable to find (user|group) ([^:]+): no matching entries/.exec(said) ?? []
      if (name === undefined) return undefined
      return {
        message: `"${subject.service}" did not start: its image knows no ${kind} "${name}"`,
        evidence: [{ field: 'State.Error', value: said }],
        certainty: 'certain',
        hint: `make the ${kind} in the Dockerfile, or write its number`,
        fix: 'user: "1000:1000"',
        attribute: ['user'],
      }
    },
  },
]
