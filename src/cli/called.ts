import { version } from './version.ts'

/** Under which name the program was started, and what follows from it. */
export interface Called {
  /** As usage shows it: "gantry", "docker compose". */
  readonly program: string
  /** As `version` calls it. */
  readonly product: string
  readonly version: string
  /** What the docker command calls its plugin by, and says again as the first operand. */
  readonly plugin: 'gantry' | 'compose'
}

/** Of docker compose, whose behaviour we keep: tools that look for features read the number. Ours is the part that semver does not compare. */
export const composeVersion = `5.5.0+gantry-${version}`

/** A hint with the commands that it names spelled as this program was called: where it is docker compose, there may be no `gantry`. */
export const asCalled = <P extends { readonly message: string; readonly hint?: string }>(
  problem: P,
  { program }: Called,
): P =>
  problem.hint === undefined ? problem : { ...problem, hint: problem.hint.replaceAll('"gantry ', `"${program} `) }

/** `path` is what was typed, or what the docker command has found: `docker-compose`, `~/.docker/cli-plugins/docker-gantry`. */
export function calledBy(path: string, env: Readonly<Record<string, string | undefined>>): Called {
  const name = path.replace(/^.*[\\/]/, '').replace(/\.exe$/i, '')
  // docker 25 and later tell their plugins that it was them.
  const byDocker = Boolean(env['DOCKER_CLI_PLUGIN_ORIGINAL_CLI_COMMAND'])
  return name === 'docker-compose'
    ? {
        program: byDocker ? 'docker compose' : name,
        product: 'Docker Compose',
        version: composeVersion,
        plugin: 'compose',
      }
    : {
        program: name === 'docker-gantry' ? 'docker gantry' : 'gantry',
        product: 'Gantry',
        version,
        plugin: 'gantry',
      }
}

/** What the docker command asks of every file that could be a plugin. */
export function metadata({ plugin, version }: Called): string {
  const about = {
    SchemaVersion: '0.1.0',
    Vendor: 'Gantry',
    Version: `v${version}`,
    ShortDescription: plugin === 'compose' ? 'Docker Compose, by Gantry' : 'Runs compose files, and says why',
  }
  return `${JSON.stringify(about)}\n`
}
