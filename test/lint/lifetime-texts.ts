import type { RuleTexts } from './rules.test.ts'

const waiting = (db: string) =>
  `services:\n  web:\n    image: app\n    depends_on:\n      db: {condition: service_healthy}\n  db:\n${db}`
const probing = (test: string) => `services:\n  web:\n    image: app\n    healthcheck:\n      test: ${test}\n`
const job = (restart: string, condition = 'service_completed_successfully') =>
  `services:\n  web:\n    image: app\n    depends_on: {migrate: {condition: ${condition}}}\n  migrate:\n    image: app\n    restart: ${restart}\n`

/** Start order, health checks, restart policies and first processes. */
export const lifetimeTexts: Readonly<Record<string, RuleTexts>> = {
  'healthy-without-healthcheck': {
    silent: [
      waiting('    image: postgres:16\n    healthcheck: {test: [CMD, pg_isready]}\n'),
      waiting('    image: postgres:16\n').replace('service_healthy', 'service_started'),
      {
        'compose.yaml': waiting('    build: .\n'),
        Dockerfile: 'FROM node:22\nHEALTHCHECK CMD wget -qO- http://127.0.0.1/\nCMD ["node", "."]\n',
      },
    ],
    remarks: [
      waiting('    image: postgres:16\n').replace('db:', '«db»:'),
      waiting('    image: someone/else\n').replace('db:', '«db»:'),
      waiting('    image: app\n    healthcheck: {disable: true}\n').replace('db:', '«db»:'),
      {
        'compose.yaml': waiting('    build: .\n').replace('db:', '«db»:'),
        Dockerfile: 'FROM node:22 AS build\nHEALTHCHECK CMD true\nFROM node:22\nCMD ["node", "."]\n',
      },
    ],
  },
  'probe-one-string': {
    silent: [
      probing('[CMD, curl, -f, "http://x"]'),
      probing('curl -f http://x'),
      probing('[CMD-SHELL, "curl -f http://x || exit 1"]'),
      probing('[CMD, "/opt/my program"]'),
      probing('[CMD, pg_isready]'),
      probing('[NONE]'),
    ],
    remarks: [
      probing('[CMD, «"curl -f http://x"»]'),
      probing('[CMD, «"pg_isready -U app || exit 1"»]'),
      probing('\n        - CMD\n        - «curl -f http://x»'),
    ],
  },
  'oneshot-restart-always': {
    silent: [job('on-failure'), job('"no"'), job('always', 'service_started')],
    remarks: [job('«always»'), job('«unless-stopped»')],
  },
}
