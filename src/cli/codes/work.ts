import type { Meanings } from './meaning.ts'

/** What engines, registries and builds answer, and what a command meets at work. */
export const work: Meanings = {
  'address-pools': [
    'doctor: how many networks the engine can still make.',
    'Remove networks that nothing uses, or widen "default-address-pools".',
  ],
  answer: ['doctor: whether the service answered, and how fast.', 'Follow what the line says.'],
  asking: ['doctor: from which container it was asked.', 'Start the service that is to ask.'],
  'bad-artifact': ['What a registry has under that name cannot be read.', 'Publish it again.'],
  'bad-credentials': ['The credentials for a registry cannot be read.', 'Mend ~/.docker/config.json, or log in again.'],
  'bad-image': ['An image in a registry cannot be copied as it is.', 'Push it again.'],
  'bad-layout': ['A folder is no OCI layout.', 'Write it anew ("type=oci" without tar), or correct its path.'],
  bug: [
    'Gantry did what it must not do.',
    'Report it with the text that is shown; nothing in it is secret but what you typed.',
  ],
  'build-only': [
    'An image is only built here, so that nobody else could run it.',
    'Push it, or publish with --with-builds where there is that choice.',
  ],
  clock: ['doctor: whether the engine’s clock is that of this machine.', 'Have both set by the network’s time.'],
  credentials: [
    'doctor: whether the credential helpers that docker’s configuration names are there.',
    'Install them, or take them out of config.json.',
  ],
  disk: ['doctor: how full the engine’s disk is.', 'Remove build caches and images that nothing uses; volumes last.'],
  'docker-config': ['Docker’s configuration cannot be read; nothing of it is used.', 'Mend ~/.docker/config.json.'],
  'dockerfile-check': [
    'BuildKit remarks on a line of a Dockerfile.',
    'Follow its advice, or silence it with "# check=skip=RULE".',
  ],
  'endpoint-left': [
    'The engine had kept an endpoint of a container that is gone; it was taken off the network.',
    'Nothing.',
  ],
  engine: ['doctor: which engine answers, and where.', 'Follow what the line says.'],
  'engine-away': [
    'The engine went away in the middle; it is waited for, up to 30 seconds.',
    'Nothing, if it comes back; else start it and run again.',
  ],
  'engine-cancelled': ['A call was given up because the command ended.', 'Run again to go on.'],
  'engine-conflict': [
    'The engine refuses because of something that is there already.',
    'Follow what it says: mostly a name that is taken.',
  ],
  'engine-denied': ['The engine or a registry does not let you.', 'Log in; look at the rights of the socket.'],
  'engine-ended': [
    'The engine ended, stopped a container with it, and did not start it again.',
    'gantry up; "restart: unless-stopped" lets the engine do so.',
  ],
  'engine-failed': [
    'The engine failed at what was asked; its words are shown.',
    'Follow them; "gantry doctor" looks at the engine.',
  ],
  'engine-invalid': [
    'The engine does not take what was asked; its words are shown.',
    'Correct the attribute that they name.',
  ],
  'engine-not-found': [
    'The engine does not know what was asked for.',
    'It may have been removed meanwhile: run again.',
  ],
  'engine-port-taken': ['A port of the engine’s machine is taken.', 'Publish another, or end who has it.'],
  'engine-says': ['doctor: what the engine warns of itself.', 'Follow it where it matters to you.'],
  'engine-unsupported': [
    'This engine cannot do what was asked.',
    'Use the version that the message names, or do without.',
  ],
  'engine-warning': ['What the engine or a registry warns of, in its own words.', 'Follow it.'],
  'foreign-plugin': ['There is a plugin of another maker under the name.', 'Remove it first, if you want this one.'],
  'health-unknown': [
    'A container is waited for until it is healthy, and the engine does not run its health check.',
    'Restart the service: Docker forgets health checks when it is restarted with live-restore, Podman needs systemd for them.',
  ],
  'hooks-not-run': [
    'Without its files nobody knows the hooks that a container is to run before it stops.',
    'Name the files: --file, or go to the project.',
  ],
  'image-missing': ['An image is not there, and is not to be pulled.', 'Pull it, or take pull_policy back.'],
  limits: ['doctor: limits that the engine cannot hold.', 'Do not count on them.'],
  listening: [
    'doctor: on which port and address the target listens.',
    'Let it listen on 0.0.0.0 and the port that is asked.',
  ],
  'logs-unreadable': [
    'The output of a container cannot be read, since its log driver keeps it elsewhere.',
    'Read it there, or use json-file, local or journald.',
  ],
  neighbours: [
    'Another project of the same name, in another folder, has containers here; they are left alone.',
    'Give one of them another name.',
  ],
  network: ['doctor: whether both have a network in common.', 'Put both on one network.'],
  'network-shared': [
    'A network has to be made anew while containers of another project are on it.',
    'Stop them first, or leave the network as it is.',
  ],
  'no-cache': [
    'A cache of a build can be read or written neither here nor by this engine; the build goes on without.',
    'Use one that the engine knows.',
  ],
  'no-compose-artifact': ['What a registry has under that name is no Compose project.', 'Correct the name.'],
  'no-context': [
    'The folder to build is not in the repository or archive.',
    'Correct what follows ":" in the address.',
  ],
  'no-digest': ['An image has no digest yet, since it is built here.', 'Push it first.'],
  'no-dockerfile': ['The Dockerfile is not there.', 'Correct "dockerfile" or "context", or write it.'],
  'no-secret': ['A secret of a build cannot be read.', 'Correct its file, or set its variable.'],
  'no-ssh': ['A key for a build cannot be used.', 'Name a key without passphrase, or use an agent.'],
  'no-toolbox': ['The engine has no image with a shell to look from.', 'Name one with --image, or pull busybox.'],
  'no-watchers-left': [
    'The system lets this user watch no more directories.',
    'Raise fs.inotify.max_user_watches, or ignore folders.',
  ],
  'not-built': ['An image was not built yet, and is not to be.', 'gantry build.'],
  'not-claimed': [
    'The project could not be claimed against other commands; the command goes on without.',
    'Run one command at a time.',
  ],
  'not-in-registry': [
    'A registry does not have what was asked for.',
    'Correct the name or tag; log in where it is private.',
  ],
  'optional-dependency-failed': [
    'A dependency that is not required failed; the service starts without it.',
    'Look at its card: gantry why.',
  ],
  'overridden-variable': ['A provider sets a variable that the service declares itself.', 'Decide for one of them.'],
  paused: ['A container is paused, and stays so.', 'gantry unpause, where it is to run.'],
  provider: ['A provider of a service failed, or is not there.', 'Read what it said; install it.'],
  'pull-failed': [
    'An image could not be pulled; the one that is here is used.',
    'Look at the reason if you need the newer one.',
  ],
  'pull-retried': ['A pull was cut off and is tried again.', 'Nothing, unless it happens each time.'],
  'push-failed': ['An image could not be pushed.', 'Log in; look whether you may write there.'],
  'push-retried': ['A push was cut off and is tried again.', 'Nothing, unless it happens each time.'],
  'registry-denied': ['A registry does not let you read or write there.', 'Log in; ask for the right.'],
  'registry-failed': ['A registry answers with an error of its own.', 'Try again later; ask who runs it.'],
  running: ['doctor: whether the target runs.', 'Start it: gantry up.'],
  state: ['doctor: whether the engine says how it is.', 'Nothing.'],
  'still-under-way': [
    'A command was interrupted, and the engine has not answered its last call yet; that is waited for.',
    'Press Ctrl-C again to wait no longer.',
  ],
  target: ['doctor: whether the name is known where it is asked.', 'Correct the name, or put both on one network.'],
  'unsupported-build': ['The builder of this engine cannot build that.', 'Use an engine with BuildKit, or do without.'],
  'wait-failed': ['A container is not, and will not be, what was waited for.', 'gantry why says what happened to it.'],
  'waiting-for-another': ['Another command changes this project; it is waited for.', 'Wait, or end the other one.'],
  'waiting-for-stop': ['A container is still being stopped by another command; that is waited for.', 'Nothing.'],
  'watch-bind-mount': [
    'A watched path is mounted into the container already: there is nothing to sync.',
    'Remove the rule or the mount.',
  ],
  'watch-engine-away': [
    'The engine went away while files were watched; it is waited for.',
    'Nothing, if it comes back; else start it.',
  ],
  'watch-no-container': [
    'A service that is watched has no container that runs, so nothing is synced to it.',
    'Start it: gantry up. "gantry why" says why it ended.',
  ],
  'watch-not-deleted': ['Files that are gone here stay in the container.', 'Restart or rebuild the service.'],
  'watch-step-failed': ['A step of watching failed; watching goes on.', 'Look at its reason; save again.'],
  'watch-unread': ['A file that is to be synced cannot be read.', 'Look at its rights.'],
  'watched-already': ['Another command watches this project.', 'End that one first.'],
}
