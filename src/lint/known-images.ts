import type { Service } from '../model/project.ts'

/** What is known of an image by its name. Facts of the official images' own pages (hub.docker.com/_/NAME). */
export interface KnownImage {
  /** Where it listens. */
  readonly ports: readonly number[]
  /** Where it keeps what must not be lost. */
  readonly data?: string
  /** The variable that moves `data`. */
  readonly dataVariable?: string
  readonly database?: true
  /** A health check that the image can run. */
  readonly probe?: string
  /** Drops rights by itself. */
  readonly ownUser?: true
  /** Variables for which `NAME_FILE` is read as well. */
  readonly files?: readonly string[]
}

const postgres: KnownImage = {
  ports: [5432],
  data: '/var/lib/postgresql/data',
  dataVariable: 'PGDATA',
  database: true,
  probe: '[CMD-SHELL, "pg_isready -U postgres"]',
  ownUser: true,
  files: ['POSTGRES_PASSWORD', 'POSTGRES_USER', 'POSTGRES_DB'],
}
const mysql: KnownImage = {
  ports: [3306],
  data: '/var/lib/mysql',
  database: true,
  probe: '[CMD, mysqladmin, ping, -h, 127.0.0.1]',
  ownUser: true,
  files: ['MYSQL_ROOT_PASSWORD', 'MYSQL_PASSWORD', 'MYSQL_USER', 'MYSQL_DATABASE'],
}

/** Images that define no health check of their own. */
const known: Readonly<Record<string, KnownImage>> = {
  postgres,
  mysql,
  mariadb: {
    ...mysql,
    probe: '[CMD, healthcheck.sh, --connect, --innodb_initialized]',
    files: [...(mysql.files ?? []), 'MARIADB_ROOT_PASSWORD', 'MARIADB_PASSWORD', 'MARIADB_USER', 'MARIADB_DATABASE'],
  },
  mongo: {
    ports: [27017],
    data: '/data/db',
    database: true,
    probe: '[CMD, mongosh, --quiet, --eval, "db.adminCommand(\'ping\').ok"]',
    ownUser: true,
    files: ['MONGO_INITDB_ROOT_USERNAME', 'MONGO_INITDB_ROOT_PASSWORD'],
  },
  redis: { ports: [6379], probe: '[CMD, redis-cli, ping]', ownUser: true },
  valkey: { ports: [6379], probe: '[CMD, valkey-cli, ping]', ownUser: true },
  memcached: { ports: [11211], ownUser: true },
  rabbitmq: { ports: [5672, 15672], probe: '[CMD, rabbitmq-diagnostics, -q, ping]', ownUser: true },
  elasticsearch: { ports: [9200], data: '/usr/share/elasticsearch/data', ownUser: true },
  nginx: { ports: [80], probe: '[CMD, curl, -fsS, "http://127.0.0.1/"]', ownUser: true },
  httpd: { ports: [80], ownUser: true },
  caddy: { ports: [80, 443] },
  traefik: { ports: [80, 443] },
  haproxy: { ports: [80, 443], ownUser: true },
  busybox: { ports: [] },
  alpine: { ports: [] },
  debian: { ports: [] },
  ubuntu: { ports: [] },
  node: { ports: [] },
  python: { ports: [] },
  golang: { ports: [] },
  ruby: { ports: [] },
  php: { ports: [] },
  openjdk: { ports: [] },
  'eclipse-temurin': { ports: [] },
}

/** Others' images of the same program that behave alike, though their data may lie elsewhere. */
const alike: Readonly<Record<string, KnownImage>> = {
  'postgis/postgis': postgres,
  'pgvector/pgvector': postgres,
  'timescale/timescaledb': postgres,
  'valkey/valkey': known['valkey']!,
}

/** Official images by their short names; undefined for what is not known. */
export function knownImage(image: string | undefined): KnownImage | undefined {
  const name = imageName(image)
  if (name === undefined) return undefined
  const official = name.replace(/^(?:docker\.io\/)?(?:library\/)?/, '')
  if (Object.hasOwn(known, official)) {
    // From version 18 on the directory above is the volume (docker-library/postgres#1259).
    const found = known[official]!
    return official === 'postgres' && (majorOf(image!) ?? 0) >= 18 ? { ...found, data: '/var/lib/postgresql' } : found
  }
  const short = name.replace(/^docker\.io\//, '')
  return Object.hasOwn(alike, short) ? alike[short] : undefined
}

/** Without tag and digest. */
export function imageName(image: string | undefined): string | undefined {
  return image?.replace(/@.*$/, '').replace(/:[^/:]*$/, '')
}

/** What stands behind the colon: `latest` where nothing does; undefined for a digest, which needs none. */
export function tagOf(image: string): string | undefined {
  if (image.includes('@')) return undefined
  return /:([^/:]*)$/.exec(image)?.[1] ?? 'latest'
}

const majorOf = (image: string): number | undefined => {
  const found = /^\d+/.exec(tagOf(image) ?? '')?.[0]
  return found === undefined ? undefined : Number(found)
}

/** A service that runs a database server, not one that only borrows its image for a client. */
export function databaseOf(service: Service): KnownImage | undefined {
  const image = knownImage(service.image)
  if (!image?.database) return undefined
  const [first] = [...(service.entrypoint ?? []), ...(service.command ?? [])]
  const serves = first === undefined || /^-|^(?:postgres|mysqld|mariadbd|mongod)$|docker-entrypoint/.test(first)
  return serves ? image : undefined
}
