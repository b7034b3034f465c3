import type { RuleTexts } from './rules.test.ts'

const web = (lines: string, image = 'app:1') =>
  `services:\n  web:\n    image: ${image}\n${lines.replaceAll(/^/gm, '    ')}\n`
const waiting = (check: string, condition = 'service_healthy') =>
  `services:\n  web:\n    image: app\n    depends_on: {db: {condition: ${condition}}}\n  db:\n    image: postgres:16\n    ${check}\n`
const building = (dockerfile: string, lines: string) => ({
  'compose.yaml': `services:\n  web:\n    build: .\n${lines.replaceAll(/^/gm, '    ')}\n`,
  Dockerfile: dockerfile,
})

/** Health checks that are slow or cannot work, restart policies and first processes. */
export const probeTexts: Readonly<Record<string, RuleTexts>> = {
  'probe-tool-unknown': {
    silent: [
      web('healthcheck: {test: curl -f http://127.0.0.1/}'),
      web('healthcheck: {test: curl -f http://127.0.0.1/}', 'nginx:alpine'),
      web('healthcheck: {test: wget -qO- http://127.0.0.1/}', 'node:22-alpine'),
      building('FROM node:22-alpine\nRUN apk add curl\n', 'healthcheck: {test: curl -f http://127.0.0.1/}'),
    ],
    remarks: [
      web('healthcheck: {test: «curl» -f http://127.0.0.1/}', 'node:22-alpine'),
      web('healthcheck: {test: «wget» -qO- http://127.0.0.1/}', 'python:3-slim'),
      building('FROM node:22-alpine\n', 'healthcheck: {test: «curl» -f http://127.0.0.1/}'),
    ],
  },
  'probe-localhost': {
    silent: [
      web('healthcheck: {test: curl http://127.0.0.1:80}'),
      web('healthcheck: {test: [CMD, pg_isready, -h, localhost]}'),
    ],
    remarks: [
      web('healthcheck: {test: curl http://«localhost»:80}'),
      web('healthcheck: {test: [CMD, curl, "http://«localhost»/"]}'),
    ],
  },
  'start-period-slow': {
    silent: [
      web('healthcheck: {test: x, start_period: 30s, start_interval: 1s}'),
      web('healthcheck: {test: x, start_period: 5s}'),
    ],
    remarks: [web('healthcheck: {test: x, start_period: «30s»}')],
  },
  'probe-interval-default': {
    silent: [
      waiting('healthcheck: {test: x, interval: 2s}'),
      waiting('healthcheck: {test: x}', 'service_started'),
      waiting('healthcheck: {test: x, start_interval: 1s}'),
    ],
    remarks: [waiting('«healthcheck»: {test: x}')],
  },
  'probe-timeout-short': {
    silent: [web('healthcheck: {test: x, timeout: 5s}'), web('healthcheck: {test: x}')],
    remarks: [web('healthcheck: {test: x, timeout: «300ms»}')],
  },
  'started-is-not-ready': {
    silent: [waiting('healthcheck: {test: x}'), waiting('restart: always', 'service_started')],
    remarks: [waiting('healthcheck: {test: x}', 'service_started').replace('{db:', '{«db»:')],
  },
  'restart-twice': {
    silent: [
      web('restart: always\ndeploy: {restart_policy: {condition: any}}'),
      web('restart: "no"\ndeploy: {restart_policy: {condition: none}}'),
      web('restart: always\ndeploy: {replicas: 1}'),
    ],
    remarks: [web('restart: «always»\ndeploy: {restart_policy: {condition: none}}')],
  },
  'no-restart-policy': {
    silent: [
      web('restart: unless-stopped\nports: ["80:80"]'),
      web('command: job'),
      'services: {web: {build: ., ports: ["80:80"], volumes: [".:/app"]}}\n',
    ],
    remarks: [web('ports: ["80:80"]').replace('web', '«web»')],
  },
  'shell-pid1': {
    silent: [
      web('command: sh -c "npm start; true"\ninit: true'),
      web('command: sh -c "setup; exec server"'),
      web('command: sh -c server'),
      web(`command: sh -c 'trap "exit 0" TERM; while :; do sleep 1; done'`),
    ],
    remarks: [
      web('«command»: ["sh", "-c", "npm start; true"]'.replace('«command»', 'command')).replace('command', '«command»'),
      web('«entrypoint»: ["/bin/bash", "-c", "a && b"]'),
    ],
  },
  'npm-pid1': {
    silent: [web('command: npm start\ninit: true'), web('command: node server.js')],
    remarks: [web('command: «npm start»'), web('«entrypoint»: [yarn, start]')],
  },
  'grace-short-db': {
    silent: [
      web('stop_grace_period: 1s'),
      web('stop_grace_period: 30s', 'postgres:16'),
      web('stop_grace_period: 1s\ntmpfs: [/var/lib/postgresql/data]', 'postgres:16'),
    ],
    remarks: [web('stop_grace_period: «1s»', 'mysql:8')],
  },
  'entrypoint-drops-cmd': {
    silent: [
      web('entrypoint: /x.sh\ncommand: [nginx]', 'nginx:1'),
      web('entrypoint: [/x.sh, serve]', 'nginx:1'),
      web('entrypoint: /x.sh'),
    ],
    remarks: [web('entrypoint: «/x.sh»', 'nginx:1'), web('«entrypoint»: [/x.sh]', 'postgres:16')],
  },
}
