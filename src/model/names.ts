/** Label keys that docker compose and Gantry both read and write, so that each sees the other's projects. */
export const LABEL = {
  project: 'com.docker.compose.project',
  service: 'com.docker.compose.service',
  version: 'com.docker.compose.version',
  working_dir: 'com.docker.compose.project.working_dir',
  config_files: 'com.docker.compose.project.config_files',
  environment_file: 'com.docker.compose.project.environment_file',
  oneoff: 'com.docker.compose.oneoff',
  config_hash: 'com.docker.compose.config-hash',
  number: 'com.docker.compose.container-number',
  depends_on: 'com.docker.compose.depends_on',
  image: 'com.docker.compose.image',
  image_volume_digest: 'com.docker.compose.image-volume-digest',
  slug: 'com.docker.compose.slug',
  replace: 'com.docker.compose.replace',
  network: 'com.docker.compose.network',
  volume: 'com.docker.compose.volume',
  /** `pre_start` on a container that runs a hook. */
  hook: 'com.docker.compose.hook',
} as const

/** What the label `version` says: the release of docker compose whose labels, names and hashes we keep to. */
export const CONTRACT_VERSION = '5.5.0'

/** Ours alone: what docker compose has no label for. */
export const OUR_LABEL = {
  /** A short hash per attribute, so that a later run can say which one changed. */
  attributes: 'dev.gantry.attributes',
  /** Which hooks run in a container: "post_start,pre_stop". */
  hooks: 'dev.gantry.hooks',
  /** The project, on the volumes that stand for hooks which are not done. */
  hookOf: 'dev.gantry.hook-of',
  /** The engine's id of a hook that was begun, on the volume that stands for it. */
  exec: 'dev.gantry.exec',
  /** A short hash of what a container of a `pre_start` hook was made of. */
  made: 'dev.gantry.made',
  /** The project, on the volumes that stand for commands at work on it. */
  claimed: 'dev.gantry.claimed',
  /** Who changes a project just now, on the volume that stands for that. */
  owner: 'dev.gantry.owner',
  /** How often that one has shown that it lives, on a volume beside. */
  beat: 'dev.gantry.beat',
} as const

/** "-", or "_" under --compatibility. */
export type Separator = '-' | '_'

export function containerName(project: string, service: string, number: number, separator: Separator = '-'): string {
  return `${project}${separator}${service}${separator}${number}`
}

/** The name of a new container while the one it replaces still holds the final name. */
export function replacementName(oldId: string, name: string): string {
  return `${oldId.slice(0, 12)}_${name}`
}

export function imageName(project: string, service: string, separator: Separator = '-'): string {
  return `${project}${separator}${service}`
}

/** What a log prefix and a plan call a container: its name without the project where the rest is the default. */
export function shortName(name: string, project: string, separator: Separator = '-'): string {
  const prefix = `${project}${separator}`
  return name.startsWith(prefix) ? name.slice(prefix.length) : name
}
