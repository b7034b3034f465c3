import { exitMeaning } from '../base/exit-code.ts'
import type { ContainerDetail } from '../engine/engine.ts'
import type { Project } from '../model/project.ts'
import { type Diagnosis, ended, envSays, exitCodeOf, lastWords } from './diagnosis.ts'
import { logged } from './telling.ts'

/** Why a container has ended by itself. */
export const endings: readonly Diagnosis[] = [
  logged({
    code: 'not-found-in-shell',
    cause: 'The start script calls a program that the image does not have, or asks "env" for such an interpreter.',
    evidence:
      'A shell or "env" says "not found" in the log; exit code 127, and the engine itself has nothing against it.',
    fix: 'Install the program in the Dockerfile, or replace the call.',
    says: new RegExp(
      `^(?:\\/?[\\w/.-]*sh): (?:\\d+: |line \\d+: )?([^:\\s]+): (?:command )?not found|${envSays.source}`,
    ),
    tell([, called, interpreter], { service, container }, { ask }) {
      const program = called ?? interpreter!
      if (container?.exitCode !== 127 || container.error || /(?:\r|\\r|\^M)$/.test(program)) return undefined
      const file = program.startsWith('/') && ask({ what: 'file', container: container.id, path: program })
      // One that is there has Windows line ends, or lacks its interpreter.
      if (file && file !== 'unknown' && file.kind === 'file') return undefined
      const words = program.split(' ')
      return {
        message:
          called === undefined
            ? `"${service}" ended: its start script asks for the interpreter "${program}", which its image does not have`
            : `"${service}" ended: its start script calls "${program}", which the image does not have`,
        evidence: [exitCodeOf(container)],
        hint:
          words.length > 1
            ? `"env" takes the whole line as one name: write "#!/usr/bin/env -S ${program}"`
            : `install "${program}" in the image, or replace the call`,
        attribute: ['command'],
      }
    },
  }),
  {
    code: 'entrypoint-drops-cmd',
    cause: 'Setting "entrypoint" in the compose file removes the image’s own command.',
    evidence: 'The container has an entrypoint and no command, its image has one, and it ended at once.',
    fix: 'Repeat the command beside the entrypoint.',
    general: true,
    find(subject, { declared }) {
      const container = ended(subject)
      const dropped = subject.image?.command
      if (!container || container.spec.command?.length || !dropped?.length) return undefined
      // One that holds arguments is whole, and a shell alone is nothing to miss.
      if (declared?.entrypoint?.length !== 1 || isShell(dropped)) return undefined
      return {
        message: `setting "entrypoint" removed the command of the image of "${subject.service}": ${dropped.join(' ')}`,
        evidence: [
          exitCodeOf(container),
          { field: 'Config.Cmd', value: 'null' },
          { field: 'Config.Cmd of the image', value: JSON.stringify(dropped) },
        ],
        certainty: 'likely',
        hint: 'repeat the command beside the entrypoint',
        fix: `command: ${JSON.stringify(dropped)}`,
        attribute: ['entrypoint'],
      }
    },
  },
  {
    code: 'exit-0-at-once',
    cause: 'The container had nothing to keep running: its command is a shell, and there is no terminal.',
    evidence: 'Exit code 0 within ten seconds, and the command is a shell alone.',
    fix: 'Give it a command that stays, or a terminal: stdin_open: true and tty: true.',
    severity: 'warning',
    find(subject, { declared, scene }) {
      const container = ended(subject)
      if (container?.exitCode !== 0 || container.finishedAt - container.startedAt > 10_000 || container.tty)
        return undefined
      const words = [...(container.spec.entrypoint ?? []), ...(container.spec.command ?? [])]
      if (!isShell(words)) return undefined
      if (isAwaited(subject.service, scene.project) || declared?.stdin_open || declared?.profiles?.length)
        return undefined
      return {
        message: `"${subject.service}" had nothing to keep running: its command is "${words.join(' ')}" without a terminal`,
        evidence: [exitCodeOf(container), { field: 'Config.Cmd', value: JSON.stringify(words) }],
        certainty: 'certain',
        hint: 'give it a command that stays, or a terminal',
        fix: 'stdin_open: true\ntty: true',
        attribute: ['command'],
      }
    },
  },
  {
    code: 'exit-app-error',
    cause: 'The program ended by itself with an exit code of its own, or by a signal that it brought upon itself.',
    evidence: 'An exit code other than 0, nothing that the engine says against it, and no signal from outside.',
    fix: 'Read its last lines.',
    general: true,
    find(subject) {
      const container = ended(subject)
      if (!container || container.state === 'restarting' || fromOutside.has(container.exitCode)) return undefined
      const { exitCode } = container
      const signal = exitCode > 128 && exitCode < 192 ? exitMeaning(exitCode) : undefined
      return {
        message: `"${subject.service}" ended by itself with code ${exitCode}${signal === undefined ? '' : ` (${signal})`}, ${lasted(container)} after its start`,
        evidence: [exitCodeOf(container), ...lastWords(subject)],
        certainty: 'certain',
        attribute: [],
        hint:
          lastWords(subject).length > 0
            ? 'its last lines say why'
            : `it printed nothing: try "gantry run ${subject.service} sh"`,
      }
    },
  },
]

/** Well, or by signals that others send: who sent them is told where it is known. */
const fromOutside: ReadonlySet<number> = new Set([0, 129, 130, 137, 143])

/** A program that reads commands from a terminal, and ends where there is none. */
const isShell = (words: readonly string[]): boolean =>
  /^(?:\/\S*\/)?(?:(?:ba|da|a|z)?sh|python3?|node)$/.test(words.join(' '))

/** Whether somebody waits for a service to complete: then ending with 0 is what it is there for. */
function isAwaited(service: string, project: Project | undefined): boolean {
  const services = Object.values(project?.services ?? {})
  return services.some(s => s.depends_on?.[service]?.condition === 'service_completed_successfully')
}

function lasted({ startedAt, finishedAt }: Pick<ContainerDetail, 'startedAt' | 'finishedAt'>): string {
  const seconds = Math.max(0, finishedAt - startedAt) / 1000
  return seconds < 10 ? `${seconds.toFixed(1)} s` : `${Math.round(seconds)} s`
}
