import type { Command } from './command.ts'

/** What help and completion say of a command without loading it. */
export interface Entry {
  readonly group: Group
  readonly summary: string
  /** What one would type after the program's name, and what that does. */
  readonly example: readonly [line: string, does: string]
  readonly load: () => Promise<{ readonly default: Command }>
}

export type Group = (typeof groups)[number]

/** In the order in which help shows them. */
export const groups = ['Run a project', 'Look at it', 'Images', 'Files', 'About'] as const

export const commands: Readonly<Record<string, Entry>> = {
  up: {
    group: 'Run a project',
    summary: 'Create and start what the compose file says, and only what has changed',
    example: ['up --detach --wait', 'start everything in the background and return once it is healthy'],
    load: () => import('./commands/up.ts'),
  },
  plan: {
    group: 'Run a project',
    summary: 'Show what up would change, why, and which line asks for it',
    example: ['plan --format json', 'the same for a program; the exit code is 2 where there are changes'],
    load: () => import('./commands/plan.ts'),
  },
  down: {
    group: 'Run a project',
    summary: 'Stop and remove containers and networks',
    example: ['down --volumes', 'remove the named volumes and their data as well'],
    load: () => import('./commands/down.ts'),
  },
  create: {
    group: 'Run a project',
    summary: 'Create containers without starting them',
    example: ['create --build', 'build images first, then create'],
    load: () => import('./commands/create.ts'),
  },
  start: {
    group: 'Run a project',
    summary: 'Start containers that exist',
    example: ['start web', 'start web and nothing else'],
    load: () => import('./commands/start.ts'),
  },
  stop: {
    group: 'Run a project',
    summary: 'Stop running containers and keep them',
    example: ['stop --timeout 30', 'give each container 30 seconds'],
    load: () => import('./commands/stop.ts'),
  },
  restart: {
    group: 'Run a project',
    summary: 'Restart containers, and those that depend on them with "restart: true"',
    example: ['restart db', 'restart db'],
    load: () => import('./commands/restart.ts'),
  },
  scale: {
    group: 'Run a project',
    summary: 'Run a number of containers of a service',
    example: ['scale web=3 worker=0', 'three of web, none of worker'],
    load: () => import('./commands/scale.ts'),
  },
  run: {
    group: 'Run a project',
    summary: 'Run a command in a new container of a service',
    example: ['run --rm web npm test', 'the tests, in a container that is gone afterwards'],
    load: () => import('./commands/run.ts'),
  },
  kill: {
    group: 'Run a project',
    summary: 'Send running containers a signal, SIGKILL unless another is named',
    example: ['kill --signal SIGHUP web', 'have web read its configuration again'],
    load: () => import('./commands/kill.ts'),
  },
  pause: {
    group: 'Run a project',
    summary: 'Freeze the processes of containers',
    example: ['pause worker', 'freeze worker'],
    load: () => import('./commands/pause.ts'),
  },
  unpause: {
    group: 'Run a project',
    summary: 'Let frozen processes go on',
    example: ['unpause worker', 'let worker go on'],
    load: () => import('./commands/unpause.ts'),
  },
  rm: {
    group: 'Run a project',
    summary: 'Remove containers that do not run',
    example: ['rm --force --stop job', 'stop and remove job without asking'],
    load: () => import('./commands/rm.ts'),
  },
  ps: {
    group: 'Look at it',
    summary: 'List containers',
    example: ['ps --all --format json', 'also those that do not run, one object a line'],
    load: () => import('./commands/ps.ts'),
  },
  watch: {
    group: 'Run a project',
    summary: 'Keep containers in step with the files being edited',
    example: ['watch web', 'bring web up, then send, rebuild or restart as its "develop.watch" says'],
    load: () => import('./commands/watch.ts'),
  },
  why: {
    group: 'Look at it',
    summary: 'Say why containers fail, how that is known, and which line to change',
    example: ['why web', 'what is wrong with web; the exit code is 2 where something is'],
    load: () => import('./commands/why.ts'),
  },
  doctor: {
    group: 'Look at it',
    summary: 'Examine the engine, or the way from a service to an address',
    example: ['doctor web db:5432', 'whether web reaches port 5432 of db, and where it fails'],
    load: () => import('./commands/doctor.ts'),
  },
  debug: {
    group: 'Look at it',
    summary: 'Open a shell with tools beside a container, running or crashed',
    example: ['debug api', 'in the network of api, among its processes, with its files at hand'],
    load: () => import('./commands/debug.ts'),
  },
  explain: {
    group: 'Look at it',
    summary: 'Explain a code that another command told',
    example: ['explain exit-oom', 'what it stands for, what gives it away, what to do'],
    load: () => import('./commands/explain.ts'),
  },
  logs: {
    group: 'Look at it',
    summary: 'Show what containers print',
    example: ['logs --follow --tail 20 web', 'the last 20 lines of web, and what comes'],
    load: () => import('./commands/logs.ts'),
  },
  exec: {
    group: 'Look at it',
    summary: 'Run a command in a running container',
    example: ['exec web sh', 'a shell in web'],
    load: () => import('./commands/exec.ts'),
  },
  events: {
    group: 'Look at it',
    summary: 'Tell what happens to containers, as it happens',
    example: ['events --since 10m --json', 'what happened in the last ten minutes, and what comes'],
    load: () => import('./commands/events.ts'),
  },
  attach: {
    group: 'Look at it',
    summary: 'Connect to a running container’s own input and output',
    example: ['attach --no-stdin web', 'only look'],
    load: () => import('./commands/attach.ts'),
  },
  top: {
    group: 'Look at it',
    summary: 'Show the processes in containers',
    example: ['top web', 'those in web'],
    load: () => import('./commands/top.ts'),
  },
  stats: {
    group: 'Look at it',
    summary: 'Show what containers use of CPU, memory, network and disk',
    example: ['stats --no-stream', 'once'],
    load: () => import('./commands/stats.ts'),
  },
  ui: {
    group: 'Look at it',
    summary: 'Show services, what they use and print on one screen, with keys for what to do',
    example: ['ui', 'a dashboard; every key on it shows the command that it stands for'],
    load: () => import('./commands/ui.ts'),
  },
  port: {
    group: 'Look at it',
    summary: 'Show where a port of a container is published',
    example: ['port web 80', 'the address of port 80 of web'],
    load: () => import('./commands/port.ts'),
  },
  images: {
    group: 'Look at it',
    summary: 'List the images that containers were made from',
    example: ['images --quiet', 'only their ids'],
    load: () => import('./commands/images.ts'),
  },
  volumes: {
    group: 'Look at it',
    summary: 'List the volumes of the project',
    example: ['volumes db', 'those that db has mounted'],
    load: () => import('./commands/volumes.ts'),
  },
  ls: {
    group: 'Look at it',
    summary: 'List projects that run',
    example: ['ls --all', 'also those of which nothing runs'],
    load: () => import('./commands/ls.ts'),
  },
  wait: {
    group: 'Look at it',
    summary: 'Wait until containers have ended, and give the exit code of the last',
    example: ['wait migrate', 'wait for migrate to be done'],
    load: () => import('./commands/wait.ts'),
  },
  cp: {
    group: 'Look at it',
    summary: 'Copy files out of a container, or into those of a service',
    example: ['cp web:/etc/nginx ./nginx', 'the directory, as it is in web'],
    load: () => import('./commands/cp.ts'),
  },
  pull: {
    group: 'Images',
    summary: 'Pull images of services',
    example: ['pull --policy missing', 'only what is not there yet'],
    load: () => import('./commands/pull.ts'),
  },
  build: {
    group: 'Images',
    summary: 'Build images of services',
    example: ['build --no-cache web', 'build web anew, from the beginning'],
    load: () => import('./commands/build.ts'),
  },
  push: {
    group: 'Images',
    summary: 'Push the images that services build',
    example: ['push web', 'the image of web'],
    load: () => import('./commands/push.ts'),
  },
  publish: {
    group: 'Images',
    summary: 'Put the compose files into a registry, for "-f oci://…" anywhere',
    example: ['publish --resolve-image-digests registry.example/shop:1', 'with the images as they are now'],
    load: () => import('./commands/publish.ts'),
  },
  lock: {
    group: 'Images',
    summary: 'Write down which image each name stands for now, for "up --locked"',
    example: ['lock --check', 'fail where gantry.lock does not fit the compose files'],
    load: () => import('./commands/lock.ts'),
  },
  commit: {
    group: 'Images',
    summary: 'Make an image of a container as it is now',
    example: ['commit db db:seeded', 'with its data, where that is no volume'],
    load: () => import('./commands/commit.ts'),
  },
  export: {
    group: 'Images',
    summary: 'Write the files of a container as a tar archive',
    example: ['export --output web.tar web', 'those of web'],
    load: () => import('./commands/export.ts'),
  },
  init: {
    group: 'Files',
    summary: 'Begin a project: from a template, or for the code that is here',
    example: ['init node shop', 'Node with PostgreSQL and Redis, in the directory shop'],
    load: () => import('./commands/init.ts'),
  },
  add: {
    group: 'Files',
    summary: 'Put a service into the compose file: a database, a cache, a broker …',
    example: ['add postgres redis', 'both, with volumes, health checks, limits and a secret'],
    load: () => import('./commands/add.ts'),
  },
  config: {
    group: 'Files',
    summary: 'Check the compose files and print what they come to',
    example: ['config --quiet', 'only check'],
    load: () => import('./commands/config.ts'),
  },
  check: {
    group: 'Files',
    summary: 'Find what is valid in compose files and Dockerfiles, and will not do what was meant',
    example: ['check --pack security', 'with the rules about rights and secrets as well'],
    load: () => import('./commands/check.ts'),
  },
  graph: {
    group: 'Files',
    summary: 'Print the services and what they depend on as a graph for graphviz',
    example: ['graph --ports', 'with the ports, to be sent into "dot -Tsvg"'],
    load: () => import('./commands/graph.ts'),
  },
  completion: {
    group: 'About',
    summary: 'Print what a shell needs to complete commands, flags and services',
    example: [
      'completion bash > ~/.local/share/bash-completion/completions/gantry',
      'for bash, from its next start on',
    ],
    load: () => import('./commands/completion.ts'),
  },
  plugin: {
    group: 'About',
    summary: 'Be a plugin of the docker command: "docker gantry up", and "docker compose up" if asked',
    example: ['plugin install --compose', 'from now on "docker compose" is Gantry, for this user'],
    load: () => import('./commands/plugin.ts'),
  },
  version: {
    group: 'About',
    summary: 'Print the version',
    example: ['version --short', 'only the number'],
    load: () => import('./commands/version.ts'),
  },
}

/** Commands of docker compose that are not here, and what there is instead. */
export const absent: Readonly<Record<string, string>> = {
  alpha: '"alpha viz" is "graph"; use "config", "events" and "plan" for the others',
  bridge: 'use "config --format json" and a converter of your own',
  convert: 'it is called "config" now',
}
