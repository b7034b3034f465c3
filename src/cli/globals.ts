import type { Values } from './command.ts'
import { flag } from './flag.ts'

/** Flags of every command: before it, or after it where the command has no flag of that name. */
export const globalFlags = {
  'all-resources': flag.boolean('Keep networks, volumes, configs and secrets that no enabled service uses'),
  ansi: flag.choice('When to colour and draw', ['never', 'always', 'auto']),
  compatibility: flag.given('Name containers with "_", as docker-compose 1 did'),
  context: flag.filled('Use this context of docker’s', 'NAME'),
  debug: flag.boolean('Tell more of what goes wrong', { short: 'D' }),
  'dry-run': flag.boolean('Print what would be done and do nothing'),
  'env-file': flag.list('Read variables from this file instead of .env', 'FILE'),
  file: flag.list('Read this compose file; "-" is standard input', 'FILE', { short: 'f' }),
  help: flag.boolean('Show help', { short: 'h' }),
  host: flag.filled('Talk to the engine at this address', 'URL', { short: 'H' }),
  'insecure-registry': flag.list('This registry of compose files (oci://) may do without a certificate', 'HOST'),
  'no-ansi': flag.boolean('Old spelling of --ansi never', { hidden: true }),
  parallel: flag.number('Let at most this many engine calls run at once; -1 is no limit', 'N'),
  profile: flag.list('Enable a profile; "*" enables all', 'NAME'),
  progress: flag.choice('How to show progress', ['auto', 'tty', 'plain', 'json', 'quiet'], {
    complain: word => `unsupported --progress value "${word}"`,
  }),
  'project-directory': flag.filled('Resolve relative paths against this directory', 'DIR'),
  'project-name': flag.filled('Name the project', 'NAME', { short: 'p' }),
  verbose: flag.boolean('Old spelling of --debug', { hidden: true }),
  workdir: flag.filled('Old spelling of --project-directory', 'DIR', { hidden: true }),
}

/** The docker command's own, only before the command: it hands them on to its plugins, and docker-compose takes them as well. */
export const dockerFlags = {
  config: flag.text('Read docker’s settings and credentials from this folder', 'DIR'),
  context: { ...globalFlags.context, short: 'c' },
  'log-level': flag.choice('What to tell: "debug" is --debug, "error" and "fatal" leave warnings out', logLevels(), {
    short: 'l',
  }),
  tls: flag.boolean('Talk TLS to the engine'),
  tlscacert: flag.text('Trust engines whose certificate this one signed', 'FILE'),
  tlscert: flag.text('Show the engine this certificate', 'FILE'),
  tlskey: flag.text('The key of that certificate', 'FILE'),
  tlsverify: flag.boolean('Talk TLS to the engine, and make sure that it is the right one'),
}

function logLevels() {
  return ['debug', 'info', 'warn', 'error', 'fatal'] as const
}

export type Globals = Values<typeof globalFlags> & Partial<Values<typeof dockerFlags>>
