import type { RuleTexts } from './rules.test.ts'

const web = (lines: string) => `services:\n  web:\n    image: app:1\n${lines.replaceAll(/^/gm, '    ')}\n`

/** What is read as meant, but not by everybody. */
export const spellingTexts: Readonly<Record<string, RuleTexts>> = {
  'bool-in-env': {
    silent: [web('environment: {A: "yes", B: true, C: yesterday}'), web('environment: [A=yes]')],
    remarks: [web('environment: {A: «yes», B: «Off»}')],
  },
  'port-unquoted': {
    silent: [web('ports: ["22:22"]'), web('ports: [80]'), web('ports:\n  - 8080:80')],
    remarks: [web('ports:\n  - «22:22»')],
  },
  'duplicate-env': {
    silent: [web('environment: [A=1, B=1]'), web('environment: {A: 1}')],
    remarks: [web('environment: [«A=1», A=2]'), web('environment:\n  - «A=1»\n  - B=1\n  - A=2')],
  },
  'memory-bare-number': {
    silent: [web('mem_limit: 512m'), web('mem_limit: 536870912'), web('mem_limit: "5000k"')],
    remarks: [web('mem_limit: «512»'), web('deploy: {resources: {limits: {memory: «"512"»}}}')],
  },
  'override-appends-ports': {
    silent: [
      { 'compose.yaml': web('ports: ["8080:80"]'), 'compose.override.yaml': 'services: {web: {ports: ["9090:81"]}}\n' },
      {
        'compose.yaml': web('ports: ["8080:80"]'),
        'compose.override.yaml': 'services: {web: {ports: !override ["9090:80"]}}\n',
      },
      web('ports: ["8080:80", "9090:80"]'),
    ],
    remarks: [
      {
        'compose.yaml': web('ports: ["8080:80"]'),
        'compose.override.yaml': 'services: {web: {ports: [«"9090:80"»]}}\n',
      },
    ],
  },
  'obsolete-version': {
    silent: [web('command: x'), web('labels: {version: "1"}')],
    remarks: [`«version»: "3.8" # old\n${web('command: x')}`, `«version»: "3.8"\n${web('command: x')}`],
  },
  'ignored-deploy-keys': {
    silent: [web('deploy: {replicas: 2}'), web('deploy: {resources: {limits: {memory: 1g}}}')],
    remarks: [web('deploy: {«update_config»: {parallelism: 1}, «placement»: {max_replicas_per_node: 1}}')],
  },
  'env-file-missing-example': {
    silent: [
      {
        'compose.yaml': web('environment: {A: "${A:-1}", B: "${B:?}", C: "$$C", D: "${COMPOSE_PROJECT_NAME}"}'),
        '.env': 'B=1\n',
      },
      { 'compose.yaml': web('environment: {A: "${A}"}'), '.env.example': 'A=\n' },
    ],
    remarks: [web('environment: {A: "«${A}»", B: "${A}"}'), web('environment: {A: «$A»}')],
  },
  'links-used': {
    silent: [
      'services: {web: {image: app, links: ["db:mysql"]}, db: {image: app}}\n',
      'services: {web: {image: app, depends_on: [db]}, db: {image: app}}\n',
    ],
    remarks: ['services: {web: {image: app, links: [«db»]}, db: {image: app}}\n'],
  },
  'unused-top-level': {
    silent: [
      `${web('volumes: ["data:/data"]')}volumes: {data: }\n`,
      `${web('command: x')}volumes: {data: {external: true}}\nnetworks: {default: {internal: true}}\n`,
      'services: {a: {image: app, profiles: [x], networks: [n]}, b: {image: app}}\nnetworks: {n: }\n',
      'services: {a: {build: {context: ., secrets: [s]}}}\nsecrets: {s: {file: ./s}}\n',
    ],
    remarks: [`${web('command: x')}volumes: {«data»: }\nnetworks: {«n»: }\nsecrets: {«s»: {file: ./s}}\n`],
  },
  'container-name-fixed': {
    silent: [web('hostname: x'), web('command: x')],
    remarks: [web('«container_name»: db'), web('«container_name»: db # the name\ncommand: x')],
  },
  'hostname-is-service': {
    silent: [web('hostname: web'), web('hostname: elsewhere')],
    remarks: [`${web('hostname: «db»')}  db: {image: app}\n`],
  },
  'shared-network-alias': {
    silent: [
      'services: {db: {image: app, networks: {n: {aliases: [shop-db]}}}}\nnetworks: {n: {external: true}}\n',
      'services: {shop-db: {image: app, networks: [n]}}\nnetworks: {n: {external: true}}\n',
      'services: {db: {image: app, networks: [n]}}\nnetworks: {n: }\n',
    ],
    remarks: ['services: {db: {image: app, networks: [«n»]}}\nnetworks: {n: {external: true}}\n'],
  },
  'default-bridge': {
    silent: [web('network_mode: host'), web('networks: [default]')],
    remarks: [web('network_mode: «bridge»')],
  },
  'subnet-wide': {
    silent: [
      `${web('networks: [n]')}networks: {n: {ipam: {config: [{subnet: 172.30.5.0/24}]}}}\n`,
      `${web('networks: [n]')}networks: {n: {ipam: {config: [{subnet: "fd00::/8"}]}}}\n`,
    ],
    remarks: [`${web('networks: [n]')}networks: {n: {ipam: {config: [{subnet: «172.16.0.0/12»}]}}}\n`],
  },
}
