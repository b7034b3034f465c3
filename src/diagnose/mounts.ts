import type { About, Diagnosis } from './diagnosis.ts'
import { didNotStart, logged, refused } from './telling.ts'

const sourceMissing = /bind source path does not exist: (.+)/

const absent = {
  code: 'bind-source-missing',
  cause:
    'A folder or file of the host that is to be mounted does not exist. Where the engine may, it makes an empty folder in its place, and the program finds a folder instead of its file.',
  evidence:
    'The engine says "bind source path does not exist"; or the program says "Is a directory", and what is mounted is an empty folder.',
  fix: 'Make it first. "create_host_path: false" in the long form has the engine say so.',
}

/** What is to be mounted and cannot be. */
export const mounts: readonly Diagnosis[] = [
  refused({
    code: 'secret-source-missing',
    cause: 'The file from which a secret or a config is to come does not exist.',
    evidence: 'The engine says "bind source path does not exist" of the file that the secret or config names.',
    fix: 'Make the file; or take the secret from a variable ("environment: NAME").',
    says: sourceMissing,
    tell([, path = ''], subject, about) {
      const found = contentFrom(path, about)
      return (
        found && {
          message: `${didNotStart(subject)}: "${path}", the file of ${found.kind.slice(0, -1)} "${found.name}", does not exist`,
          hint: 'make the file, or correct its path',
          attribute: [found.kind, String(found.index)],
        }
      )
    },
  }),
  {
    ...absent,
    find: (subject, about) => engineMisses.find(subject, about) ?? programFindsFolder.find(subject, about),
  },
  refused({
    code: 'mount-type-mismatch',
    cause:
      'A folder is to be mounted over a file, or a file over a folder. Often an earlier start made an empty folder where the file was missing.',
    evidence: 'The engine says "Are you trying to mount a directory onto a file (or vice-versa)?".',
    fix: 'Remove the empty folder, and put the file there.',
    says: /error mounting "([^"]+)" to rootfs at "([^"]+)".*(?:not a directory|is a directory)/,
    tell([, source = '', target = ''], subject, { declared, ask }) {
      const there = ask({ what: 'host-path', path: source })
      const empty = there !== 'unknown' && there.kind === 'directory' && there.empty
      return {
        message: empty
          ? `${didNotStart(subject)}: "${source}" is an empty folder, as the engine makes one where there is nothing, and "${target}" is a file`
          : `${didNotStart(subject)}: of "${source}" and "${target}" one is a folder and the other a file`,
        hint: empty ? 'remove the folder, and put the file there' : 'mount a file on a file, a folder on a folder',
        attribute: mountAttribute(declared?.volumes, source),
      }
    },
  }),
  refused({
    code: 'mount-path-relative',
    cause:
      'The path inside the container at which something is to be mounted is not absolute. A volume of one letter is taken for a Windows drive.',
    evidence: 'The engine says "mount path must be absolute".',
    fix: 'Write an absolute path; give the volume a longer name.',
    says: /invalid mount path: '([^']+)' mount path must be absolute/,
    tell([, path = ''], subject, { declared }) {
      const index = (declared?.volumes ?? []).findIndex(({ target }) => target === path)
      const drive = /^[a-z]:\//i.test(path)
      return {
        message: drive
          ? `${didNotStart(subject)}: "${path}" is taken for a Windows drive`
          : `${didNotStart(subject)}: "${path}" is no absolute path`,
        hint: drive ? 'give the volume a name of more than one letter' : 'begin it with "/"',
        attribute: index < 0 ? ['volumes'] : ['volumes', String(index)],
      }
    },
  }),
  refused({
    code: 'volume-mount-failed',
    cause:
      'The volume’s own source cannot be mounted: a path or server of its driver’s options, or its driver is not installed.',
    evidence:
      'The engine says "error while mounting volume", "cannot access path" or "error looking up volume plugin".',
    fix: 'Correct driver_opts of the volume, or install the driver on the engine’s host.',
    doing: ['create', 'start', 'volume'],
    says: /error while mounting volume '([^']*)'|cannot access path ([^:\s]+)|error looking up volume plugin (\S+?):/,
    tell([, volume, path, plugin], subject) {
      return {
        message: plugin
          ? `${didNotStart(subject)}: the engine has no volume driver "${plugin}"`
          : `${didNotStart(subject)}: ${path === undefined ? `the volume at "${volume}" cannot be mounted` : `there is no "${path}" in the volume`}`,
        hint: plugin
          ? 'install the driver on the engine’s host, or leave "driver" out'
          : 'correct "driver_opts" or "subpath" of the volume',
        attribute: ['volumes'],
      }
    },
  }),
]

const engineMisses = refused({
  ...absent,
  says: sourceMissing,
  tell([, path = ''], subject, about) {
    if (contentFrom(path, about)) return undefined
    return {
      message: `${didNotStart(subject)}: "${path}", which is to be mounted, does not exist`,
      hint: 'make it first',
      attribute: mountAttribute(about.declared?.volumes, path),
    }
  },
})

const programFindsFolder = logged({
  ...absent,
  says: /is a directory|EISDIR/i,
  tell(_, { service, container }, { declared, ask }) {
    const empty = (container?.mounts ?? []).find(({ type, source }) => {
      const there = type === 'bind' ? ask({ what: 'host-path', path: source }) : 'unknown'
      return there !== 'unknown' && there.kind === 'directory' && there.empty
    })
    return (
      empty && {
        message: `"${service}" finds a folder at "${empty.target}": "${empty.source}" did not exist, and the engine made an empty folder`,
        certainty: 'likely',
        evidence: [{ field: 'Mounts', value: `${empty.source}:${empty.target}` }],
        hint: 'remove the folder, put the file there, and start it again',
        attribute: mountAttribute(declared?.volumes, empty.source),
      }
    )
  },
})

/** The secret or config of a service that comes from a file of the host. */
function contentFrom(path: string, { declared, scene: { project } }: About) {
  for (const kind of ['secrets', 'configs'] as const) {
    const index = (declared?.[kind] ?? []).findIndex(({ source }) => project?.[kind][source]?.file === path)
    if (index >= 0) return { kind, index, name: declared![kind]![index]!.source }
  }
  return undefined
}

function mountAttribute(
  volumes: readonly { readonly source?: string }[] | undefined,
  source: string,
): readonly string[] {
  const index = (volumes ?? []).findIndex(v => v.source === source)
  return index < 0 ? ['volumes'] : ['volumes', String(index)]
}
