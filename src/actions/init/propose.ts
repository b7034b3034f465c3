import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { baseNames } from '../../load/locate.ts'
import { userError } from '../../text/problem.ts'
import { type Code, codeIn } from './code.ts'
import { proposedFiles } from './proposed-files.ts'
import { composeFileOf, type Template, textFile } from './template.ts'

export interface Proposal {
  /** What it goes by: "package.json". */
  readonly found: readonly string[]
  readonly template: Template
  /** Services that the code seems to speak to, as `add` knows them. */
  readonly services: readonly string[]
}

/**
 * What would run the code in a folder; files that are there are left as they are. Nothing
 * where there is nothing to go by. Throws UserError where there is a Compose file.
 */
export function proposal(directory: string): Proposal | undefined {
  const compose = composeFileOf(baseNames.filter(name => existsSync(join(directory, name))))
  if (compose !== undefined)
    throw userError(
      'compose-file-exists',
      `"${compose}" is there already`,
      'run it: gantry up; put a service into it: gantry add postgres; or name a template and another directory',
    )
  const code = codeIn(name => textOf(join(directory, name)))
  if (code === undefined) return undefined
  const files = [...proposedFiles(code)].filter(([name]) => !existsSync(join(directory, name)))
  return {
    found: code.seen,
    template: { name: code.name, files: new Map(files.map(([name, text]) => [name, textFile(text)])) },
    services: servicesOf(code),
  }
}

/** By the packages that speak to them, as far as names tell. */
const speaking: Readonly<Record<string, RegExp>> = {
  postgres: /["'\s/](?:pg|postgres|psycopg2?(?:-binary)?|asyncpg|pgx|lib\/pq)\b/i,
  redis: /["'\s/](?:redis|ioredis|go-redis|rq|bullmq)\b/i,
  mysql: /["'\s/](?:mysql2?|pymysql|mysqlclient|go-sql-driver)\b/i,
  mongo: /["'\s/](?:mongodb|mongoose|pymongo|mongo-driver)\b/i,
  rabbitmq: /["'\s/](?:amqplib|pika|amqp091-go)\b/i,
}

const servicesOf = ({ needs }: Code) =>
  Object.entries(speaking).flatMap(([name, pattern]) => (pattern.test(`\n${needs}`) ? [name] : []))

/** A file that is larger is none of those that are looked for. */
const largest = 16 * 1024 * 1024

function textOf(path: string): string | undefined {
  const found = statSync(path, { throwIfNoEntry: false })
  return found?.isFile() && found.size <= largest ? readFileSync(path, 'utf8') : undefined
}
