import { LABEL } from '../model/names.ts'
import { type Diagnosis, lastLine } from './diagnosis.ts'
import { inTrouble, logged } from './telling.ts'

/** Databases and the volumes that they keep. */
export const databases: readonly Diagnosis[] = [
  logged({
    code: 'db-password-unset',
    cause: 'The database is new and has been told no password: its image refuses to make one without.',
    evidence: 'The log says "superuser password is not specified" or "You need to specify one of the following".',
    fix: 'Give it one: POSTGRES_PASSWORD, MYSQL_ROOT_PASSWORD, MARIADB_ROOT_PASSWORD; better, *_PASSWORD_FILE with a secret.',
    says: /superuser password is not specified|(?:Database is|database is) uninitialized and (?:password|superuser)|need to specify one of the following/,
    tell(_, { service, container }) {
      const image = container?.spec.image ?? ''
      const family = /mariadb/.test(image) ? 'MARIADB_ROOT' : /mysql/.test(image) ? 'MYSQL_ROOT' : 'POSTGRES'
      return {
        message: `"${service}" has been told no password: its image makes no database without one`,
        hint: 'give it one, better from a secret than in the file',
        fix: `environment:\n  ${family}_PASSWORD_FILE: /run/secrets/db_password`,
        attribute: ['environment'],
      }
    },
  }),
  logged({
    code: 'data-version-mismatch',
    cause: 'The volume was written by another major version of the database than the image has.',
    evidence: 'The log says "database files are incompatible with server", and which version wrote them.',
    fix: 'Go back to the old tag, dump the data, and restore the dump into a new volume. The volume is the data: never delete it as a fix.',
    says: /initialized by PostgreSQL version (\d+(?:\.\d+)?), which is not compatible with this version (\d+)|database files are incompatible with server|Cannot downgrade from (\d+) to (\d+)|Invalid MySQL server upgrade|Unsupported redo log format/i,
    tell([, from, to], { service }) {
      return {
        message:
          from === undefined
            ? `the volume of "${service}" was written by another version of the database`
            : `the volume of "${service}" was written by PostgreSQL ${from}, and the image is ${to}`,
        hint: 'go back to the old tag, dump the data, and restore the dump into a new volume; do not delete this one',
        attribute: ['image'],
      }
    },
  }),
  {
    code: 'db-init-skipped',
    cause: 'Password, user and database of the file only count when the volume is empty; this one was filled before.',
    evidence:
      'Another service is refused with "password authentication failed" or "database does not exist", and the volume is older than the container.',
    fix: 'Change the password in the database (ALTER USER …), or write the old one.',
    find(subject, { scene }) {
      // Somebody is refused by a healthy database now and then: that is no failure of its own.
      const line = inTrouble(subject) ? lastLine(subject.log, refusal)?.input : undefined
      const { container, service } = subject
      if (line === undefined || !container || !scene.project) return undefined
      const told = {
        evidence: [{ field: 'log', value: line }],
        certainty: 'likely',
        attribute: ['environment'],
      } as const
      const kept = 'user, password and database of the file only count for an empty one'
      if (isDatabase(container.spec.image))
        return container.mounts.some(m => m.name !== undefined)
          ? {
              ...told,
              message: `the volume of "${service}" was filled before: ${kept}`,
              hint: 'change them in the database itself, or write the old ones',
            }
          : undefined
      const database = scene.neighbours.find(
        c =>
          c.labels[LABEL.project] === scene.project?.name &&
          isDatabase(c.image) &&
          c.mounts.some(m => m.name !== undefined),
      )
      const other = database?.labels[LABEL.service]
      return other === undefined
        ? undefined
        : {
            ...told,
            message: `"${service}" is refused by the database: where its own settings are right, the volume of "${other}" was filled before, and ${kept}`,
            hint: `compare them with those of "${other}"; where they are the same, change them in the database itself, or write the old ones`,
          }
    },
  },
  {
    code: 'db-volume-shared',
    cause: 'Two running databases use one volume. Neither sees the other’s lock, both write: data will be damaged.',
    evidence: 'Two running containers of database images have the same volume mounted for writing.',
    fix: 'One volume for each instance.',
    find({ service, container }, { scene }) {
      if (container?.state !== 'running' || !isDatabase(container.spec.image)) return undefined
      for (const mount of container.mounts) {
        const other = scene.neighbours.find(
          c =>
            c.id !== container.id &&
            c.state === 'running' &&
            isDatabase(c.image) &&
            c.mounts.some(m => mount.name !== undefined && m.name === mount.name && m.rw),
        )
        if (other && mount.rw)
          return {
            message: `"${service}" and "${other.labels[LABEL.service] ?? other.name}" are two databases on one volume, "${mount.name}": the data is in danger`,
            evidence: [{ field: 'Mounts', value: `${mount.name} in ${container.name} and ${other.name}` }],
            certainty: 'certain',
            hint: 'stop one of them now, and give it a volume of its own',
            attribute: ['volumes'],
          }
      }
      return undefined
    },
  },
]

/** As databases, and clients that pass it on, say that user, password or database are not as they know them. */
const refusal =
  /password authentication failed for user|Access denied for user|(?:database|role) "[^"]+" does not exist|Unknown database '[^']+'/i

const isDatabase = (image: string): boolean =>
  /(?:^|\/)(?:postgres|postgis|mysql|mariadb|mongo|timescaledb)(?:[:@]|$)/.test(image)
