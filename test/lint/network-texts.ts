import type { RuleTexts } from './rules.test.ts'

const web = (lines: string) => `services:\n  web:\n    image: app\n${lines.replaceAll(/^/gm, '    ')}\n`
const db = (lines: string) => `services:\n  db:\n    image: postgres:16\n${lines.replaceAll(/^/gm, '    ')}\n`
const two = (one: string, other: string) => `services:\n  a: {image: app, ${one}}\n  b: {image: app, ${other}}\n`
const calling = (environment: string, more = '') =>
  `services:\n  web:\n    image: app\n    environment: {${environment}}\n${more}  db:\n    image: postgres:16\n    ports: ["127.0.0.1:5433:5432"]\n  api:\n    image: app\n    ports: ["3000:3000"]\n`

/** Ports, networks, volumes and rights. */
export const networkTexts: Readonly<Record<string, RuleTexts>> = {
  'db-port-public': {
    silent: [
      db('ports: ["127.0.0.1:5432:5432"]'),
      db('ports: ["5432:5432"]\nprofiles: [test]'),
      db('ports: [{target: 5432, published: "5432", host_ip: 127.0.0.1}]'),
      web('ports: ["80:80"]'),
      db('expose: ["5432"]'),
    ],
    remarks: [
      db('ports: [«"5432:5432"»]'),
      db('ports:\n  - «5432:5432»\n  - "127.0.0.1:1:1"'),
      web('ports: [«"0.0.0.0:6380:6379"»]'),
      web('ports:\n  - «target: 9200\n    published: "9200"»'),
    ],
  },
  'dead-ports': {
    silent: [
      web('ports: ["80:80"]'),
      web('ports: ["80:80"]\nnetworks: [in, out]').concat('networks: {in: {internal: true}, out: }\n'),
      web('network_mode: host'),
      web('ports: ["80:80"]\nnetworks: [x]').concat('networks: {x: {external: true}}\n'),
    ],
    remarks: [
      web('network_mode: host\n«ports»: ["80:80"]'),
      web('network_mode: none\n«ports»: ["80:80"]'),
      web('«ports»: ["80:80"]\nnetworks: [in]').concat('networks: {in: {internal: true}}\n'),
    ],
  },
  'fixed-port-replicas': {
    silent: [
      web('ports: ["8080-8081:80"]\ndeploy: {replicas: 2}'),
      web('ports: ["80"]\nscale: 3'),
      web('ports: ["80:80"]\nscale: 1'),
      web('ports: [{target: 80, published: "80", mode: host}]\nscale: 2'),
    ],
    remarks: [
      web('ports: [«"80:80"»]\ndeploy: {replicas: 2}'),
      web('ports: [«"80:80"»]\nscale: 2'),
      web('ports: [«"8080-8081:80"»]\nscale: 3'),
    ],
  },
  'duplicate-host-port': {
    silent: [
      two('ports: ["8080:80"]', 'ports: ["8081:80"]'),
      two('ports: ["127.0.0.1:80:80"]', 'ports: ["127.0.0.2:80:80"]'),
      two('ports: ["53:53/udp"]', 'ports: ["53:53/tcp"]'),
      two('ports: ["80:80"], profiles: [x]', 'ports: ["80:80"], profiles: [y]'),
      two('ports: ["80:80"]', 'ports: ["80:80"], network_mode: host'),
      two('ports: ["8000-8001:80"]', 'ports: ["8000-8001:80"]'),
      two('ports: ["80:80"], scale: 0', 'ports: ["80:80"]'),
    ],
    remarks: [
      two('ports: ["8080:80"]', 'ports: [«"8080:3000"»]'),
      two('ports: ["9000-9002:90-92"]', 'ports: [«"9000-9002:90-92"»]'),
      two('ports: ["8080:80"]', 'ports: [«"127.0.0.1:8080:80"»]'),
      two('ports: ["80:80"], profiles: [x]', 'ports: [«"80:80"»], profiles: [x, y]'),
      two('ports: ["80:80", «"80:81"»]', 'ports: []'),
    ],
  },
  'localhost-to-sibling': {
    silent: [
      calling('URL: "postgres://db:5432/x"'),
      calling('PUBLIC_URL: "http://localhost:3000"'),
      calling('API: "http://localhost:3000"'),
      calling('URL: "localhost:7777"'),
      calling('URL: "localhost:5432"', '    network_mode: "service:db"\n'),
      calling('URL: "localhost:3000"', '    expose: ["3000"]\n'),
    ],
    remarks: [
      calling('URL: "postgres://«localhost:5432»/x"'),
      calling('A: «127.0.0.1:5432», B: "tcp://«localhost:3000»"'),
    ],
  },
  'db-without-volume': {
    silent: [
      db('volumes: ["pg:/var/lib/postgresql/data"]').concat('volumes: {pg: }\n'),
      db('volumes: ["./data:/var/lib/postgresql"]'),
      db('tmpfs: [/var/lib/postgresql/data]'),
      db('tmpfs: ["/var/lib/postgresql/data:size=1g"]'),
      db('profiles: [test]'),
      db('command: pg_dump -h other'),
      db('environment: {PGDATA: /pg/data}\nvolumes: ["pg:/pg"]').concat('volumes: {pg: }\n'),
      'services: {db: {image: "postgres:18", volumes: ["pg:/var/lib/postgresql"]}}\nvolumes: {pg: }\n',
      'services: {cache: {image: redis}}\n',
      'services: {db_test: {image: postgres}}\n',
      { 'compose.yaml': 'include: [compose.test.yaml]\n', 'compose.test.yaml': 'services: {db: {image: mysql}}\n' },
    ],
    remarks: [
      'services:\n  db:\n    image: «postgres:16»\n',
      'services:\n  db:\n    image: «docker.io/library/mariadb:11»\n    volumes: [/var/lib/mysql]\n',
      'services:\n  db:\n    # kept\n    image: «mysql» # as it is\n    ports: ["127.0.0.1:3306:3306"]\nvolumes:\n  other:\n',
      'services: {db: {image: «mongo:8»}}\n',
      'services:\n  db:\n    image: «postgres:16»\n    command: -c shared_buffers=1GB\n',
    ],
  },
  'db-volume-shared': {
    silent: [
      two('volumes: ["vol:/data"]', 'volumes: ["vol:/data"]').concat('volumes: {vol: }\n'),
      'services:\n  a: {image: mysql, volumes: ["x1:/var/lib/mysql"]}\n  b: {image: mysql, volumes: ["y1:/var/lib/mysql"]}\nvolumes: {x1: , y1: }\n',
      'services:\n  a: {image: mysql, volumes: ["x1:/var/lib/mysql"]}\n  b: {image: mysql, command: mysqldump, volumes: ["x1:/var/lib/mysql"]}\nvolumes: {x1: }\n',
      'services:\n  a: {image: mysql, volumes: ["x1:/var/lib/mysql"]}\n  b: {image: mysql, volumes: ["x1:/var/lib/mysql:ro"]}\nvolumes: {x1: }\n',
      'services:\n  a: {image: mysql, profiles: [p], volumes: ["x1:/var/lib/mysql"]}\n  b: {image: mysql, profiles: [q], volumes: ["x1:/var/lib/mysql"]}\nvolumes: {x1: }\n',
    ],
    remarks: [
      'services:\n  a: {image: mysql, volumes: ["x1:/var/lib/mysql"]}\n  b: {image: mysql, volumes: [«"x1:/var/lib/mysql"»]}\nvolumes: {x1: }\n',
      'services:\n  a: {image: mongo, scale: 2, volumes: [«"./x:/data/db"»]}\n',
    ],
  },
  'docker-sock': {
    silent: [
      web('volumes: ["./docker:/docker"]'),
      'services: {p: {image: tecnativa/docker-socket-proxy, volumes: ["/var/run/docker.sock:/var/run/docker.sock:ro"]}}\n',
    ],
    remarks: [
      web('volumes: [«"/var/run/docker.sock:/var/run/docker.sock"»]'),
      web('volumes:\n  - «/run/docker.sock:/sock:ro»'),
    ],
  },
  privileged: {
    silent: [web('privileged: false'), 'services: {e: {image: "docker:28-dind", privileged: true}}\n'],
    remarks: [web('privileged: «true»')],
  },
  'secret-literal': {
    silent: [
      web('environment: {DB_PASSWORD: "${DB_PASSWORD}"}'),
      web('environment: {DB_PASSWORD: , API_TOKEN: ""}'),
      web('environment: {DB_PASSWORD_FILE: /run/secrets/pw, TLS_KEY: /certs/key.pem}'),
      web('environment: {TOKEN_TTL: 3600, PUBLIC_KEY: abc, SORT_KEY: name, MONKEY: x}'),
      web('environment: {MYSQL_RANDOM_ROOT_PASSWORD: "yes", MYSQL_ALLOW_EMPTY_PASSWORD: 1}'),
      web('environment: {DB_PASSWORD: changeme}\nprofiles: [test]'),
      'services: {test-db: {image: app, environment: [DB_PASSWORD=postgres]}}\n',
      web('environment: {URL: "postgres://app:${PW}@db/x", OTHER: "https://example.org/a@b"}'),
    ],
    remarks: [
      web('environment: {POSTGRES_PASSWORD: «hunter2»}'),
      web('environment:\n  - API_TOKEN=«abc»\n  - LEVEL=info\n  - DEFAULT_PASS=«x»'),
      web('environment: {URL: «"postgres://app:hunter2@db/x"»}'),
      web('environment: {DB_PASSWORD: «changeme», JWT_SECRET: «"1234"»}'),
    ],
  },
}
