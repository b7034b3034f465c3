import type { RuleTexts } from './rules.test.ts'

const web = (lines: string, image = 'app:1') =>
  `services:\n  web:\n    image: ${image}\n${lines.replaceAll(/^/gm, '    ')}\n`
const lacking = (lines = 'command: x', image = 'app:1') => web(lines, image).replace('web', '«web»')
const building = (dockerfile: string, lines: string, more = '') => ({
  'compose.yaml': `services:\n  web:\n    build: .\n${lines.replaceAll(/^/gm, '    ')}\n${more}`,
  Dockerfile: dockerfile,
})
const node = 'FROM node:22\nWORKDIR /app\nCOPY package.json ./\nRUN npm ci\nCOPY . .\nUSER node\n'

/** What a container may, and what of the machine it sees. */
export const rightsTexts: Readonly<Record<string, RuleTexts>> = {
  'port-public': {
    silent: [web('ports: ["80:80"]'), web('ports: ["127.0.0.1:8080:80"]'), web('ports: ["8080:80"]\nprofiles: [x]')],
    remarks: [web('ports: [«"8080:80"»]'), web('ports: [«"9090-9091:80"»]')],
  },
  'host-network': {
    silent: [web('ports: ["80:80"]'), web('network_mode: host', 'tailscale/tailscale:1')],
    remarks: [web('network_mode: «host»')],
  },
  'bind-source-absent': {
    silent: [
      { 'compose.yaml': web('volumes: ["./app.conf:/etc/app.conf"]'), 'app.conf': 'x' },
      web('volumes: ["./data:/data"]'),
      web('volumes: ["./conf.d:/etc/conf.d"]'),
      web('volumes: [{type: bind, source: ./a.conf, target: /a, bind: {create_host_path: false}}]'),
    ],
    remarks: [web('volumes: [«"./app.conf:/etc/app.conf"»]')],
  },
  'bind-hides-build': {
    silent: [
      building(node, 'volumes: [".:/app", "/app/node_modules"]'),
      building(node, 'volumes: ["./src:/app/src"]'),
      building('FROM busybox\nWORKDIR /app\nCOPY . .\n', 'volumes: [".:/app"]'),
    ],
    remarks: [building(node, 'volumes: [«".:/app"»]')],
  },
  'volume-over-code': {
    silent: [building(node, 'volumes: ["up:/app/uploads"]', 'volumes: {up: }\n'), building(node, 'volumes: ["/app"]')],
    remarks: [building(node, 'volumes: [«"code:/app"»]', 'volumes: {code: }\n')],
  },
  'single-file-bind': {
    silent: [
      { 'compose.yaml': web('volumes: ["./a.conf:/a.conf:ro"]'), 'a.conf': 'x' },
      web('volumes: ["./data:/data"]'),
    ],
    remarks: [{ 'compose.yaml': web('volumes: [«"./a.conf:/a.conf"»]'), 'a.conf': 'x' }],
  },
  'sensitive-bind': {
    silent: [
      web('volumes: ["/etc/localtime:/etc/localtime:ro"]'),
      web('volumes: ["./etc:/etc"]'),
      web('volumes: ["/:/host:ro"]', 'prom/node-exporter:v1'),
    ],
    remarks: [web('volumes: [«"/:/host"», «"/etc/:/x:ro"»]'), web('volumes: [«"~/.ssh:/ssh"»]')],
  },
  'no-memory-limit': {
    silent: [web('mem_limit: 1g'), web('deploy: {resources: {limits: {memory: 1g}}}')],
    remarks: [lacking()],
  },
  'log-unbounded': {
    silent: [web('logging: {driver: local}'), web('logging: {options: {max-size: 10m}}')],
    remarks: [lacking(), lacking('logging: {driver: json-file}')],
  },
  'image-unpinned': {
    silent: [web('command: x'), web('command: x', '"app@sha256:abc"'), 'services: {web: {build: ., image: app}}\n'],
    remarks: [web('command: x', '«redis»'), web('command: x', '«host:5000/redis:latest»')],
  },
  'runs-as-root': {
    silent: [web('user: "1000"'), web('command: x', 'postgres:16'), building(node, 'command: x')],
    remarks: [lacking(), lacking('user: root', 'postgres:16'), building('FROM x\nCMD ["x"]\n', 'command: x')].map(
      text =>
        typeof text === 'string' ? text : { ...text, 'compose.yaml': text['compose.yaml'].replace('web', '«web»') },
    ),
  },
  'no-new-privileges-missing': {
    silent: [web('security_opt: ["no-new-privileges:true"]'), web('security_opt: [no-new-privileges]')],
    remarks: [lacking(), lacking('security_opt: ["no-new-privileges:false"]')],
  },
  'caps-not-dropped': {
    silent: [web('cap_drop: [ALL]'), web('privileged: true')],
    remarks: [lacking(), lacking('cap_drop: [NET_RAW]')],
  },
  'rootfs-writable': {
    silent: [web('read_only: true'), web('command: -c x=1', 'postgres:16')],
    remarks: [lacking()],
  },
  'host-namespace': {
    silent: [
      web('pid: "service:web"'.replace('web', 'b')).concat('  b: {image: app}\n'),
      web('pid: host', 'prom/node-exporter:v1'),
    ],
    remarks: [web('pid: «host»\nipc: «host»')],
  },
  'seccomp-off': {
    silent: [web('security_opt: ["seccomp:./p.json"]'), web('security_opt: ["apparmor:unconfined"]')],
    remarks: [web('«security_opt»: ["seccomp:unconfined"]')],
  },
  'cap-all': {
    silent: [web('cap_add: [NET_ADMIN]'), web('cap_drop: [ALL]')],
    remarks: [web('«cap_add»: [ALL]')],
  },
}
