import type { ContainerDetail } from '../engine/engine.ts'
import type { Diagnosis } from './diagnosis.ts'
import { within } from './paths.ts'

/** Containers that look at what their mounts were, not at what they are. */
export const stale: readonly Diagnosis[] = [
  {
    code: 'bind-file-replaced',
    cause:
      'What is mounted from the host was replaced after the start. The container keeps what was there then: editors, git and builds write a new file, or make a folder anew, in place of the old one.',
    evidence: 'In /proc/self/mountinfo of the container the source is "deleted", or goes by the name of a backup.',
    fix: 'Restart the container. So that it does not happen again, mount the folder that holds the file (or the folder).',
    severity: 'warning',
    find({ service, container }, { ask, declared }) {
      const binds = container?.state === 'running' ? container.mounts.filter(m => m.type === 'bind') : []
      if (!container || binds.length === 0) return undefined
      const table = ask({ what: 'inside', container: container.id, command: ['cat', '/proc/self/mountinfo'] })
      if (table === 'unknown') return undefined
      for (const { source, target } of binds) {
        const now = rootOf(table.output, target)
        if (now === undefined || !isReplaced(source, now)) continue
        const index = (declared?.volumes ?? []).findIndex(v => v.target === target)
        return {
          message: `"${service}" does not see what "${source}" is now: it was replaced after the start`,
          evidence: [{ field: `mounted at ${target}`, value: now }],
          certainty: 'certain',
          hint: `"gantry restart ${service}" mounts what is there now; where it happens again, mount the folder that holds it`,
          attribute: index < 0 ? ['volumes'] : ['volumes', String(index)],
        }
      }
      return undefined
    },
  },
  {
    code: 'stale-named-volume',
    cause:
      'A named volume lies over the folder of the program. It was filled from the image when it was new, and a newer image does not change it: the old files stay.',
    evidence: 'The working directory or the program is in a named volume, and the image is newer than the volume.',
    fix: 'Mount data only, not the folder of the program; or, where nothing in it is worth keeping, remove the volume so that it is filled anew.',
    severity: 'warning',
    find({ service, container, image }, { ask, declared }) {
      if (!container || !image) return undefined
      const over = container.mounts.find(
        ({ name, target }) =>
          name !== undefined &&
          !image.volumes.includes(target) &&
          programFolders(container).some(f => within(f, target)),
      )
      if (over?.name === undefined) return undefined
      const volume = ask({ what: 'volume', volume: over.name })
      // Engines tell the time of volumes in whole seconds.
      if (volume === 'unknown' || volume.created + 1000 > image.created) return undefined
      const index = (declared?.volumes ?? []).findIndex(v => v.target === over.target)
      return {
        message: `"${over.target}" of "${service}" comes from volume "${over.name}", which an older image has filled: what is new in the image is not seen`,
        evidence: [
          { field: 'volume made', value: new Date(volume.created).toISOString() },
          { field: 'image made', value: new Date(image.created).toISOString() },
        ],
        certainty: 'likely',
        hint: 'mount only what the program writes; removing the volume fills it anew, and loses what else is in it',
        attribute: index < 0 ? ['volumes'] : ['volumes', String(index)],
      }
    },
  },
]

/** What of its file system is mounted at a path (proc_pid_mountinfo(5)): blanks are written as \040. */
function rootOf(table: string, target: string): string | undefined {
  const plain = (text: string) =>
    text.replaceAll(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)))
  const line = table.split('\n').find(one => plain(one.split(' ')[4] ?? '') === target)
  return line && plain(line.split(' ')[3]!)
}

/** One that was replaced is deleted, or called as backups are. A link of another name leads there since the start. */
function isReplaced(source: string, now: string): boolean {
  const name = source.slice(source.lastIndexOf('/') + 1)
  const [, folder, kept] = /^(.*\/)([^/]*)$/.exec(now) ?? []
  if (now.endsWith('//deleted')) return true
  return kept !== name && kept!.startsWith(name) && source.slice(0, -name.length).endsWith(folder!)
}

/** Where the program is that a container runs: where it begins, and where its file is. */
function programFolders({ spec }: ContainerDetail): readonly string[] {
  const program = [...(spec.entrypoint ?? []), ...(spec.command ?? [])].filter(word => /^\/[^/]+\//.test(word))
  return [spec.working_dir, ...program].filter(path => path.startsWith('/') && path !== '/')
}
