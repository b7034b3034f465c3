import type { Texts } from '../kit/linted.ts'
import type { RuleTexts } from './rules.test.ts'

const web = (lines: string) => `services:\n  web:\n    image: app\n${lines.replaceAll(/^/gm, '    ')}\n`
const withExample = (lines: string): Texts => ({ 'compose.yaml': web(lines), '.env.example': 'word=\n# TAG=1\n' })

/** YAML, variables and shells. */
export const valueTexts: Readonly<Record<string, RuleTexts>> = {
  'command-operator': {
    silent: [
      web('command: [sh, -c, "a && b"]'),
      web('command: sh -c "a && b"'),
      web("command: sh -c 'a | b > c'"),
      web('command: npm start'),
      web('command:'),
    ],
    remarks: [
      web('command: a «&& b»'),
      web('command: "echo a «| tee /log»"'),
      web('entrypoint: run.sh «> /dev/null»'),
      web('command: «>\n  a\n  && b»'),
    ],
  },
  'dollar-unescaped': {
    silent: [
      web('environment: {P: pa$$word}'),
      web('environment: {P: "pa${word:-}"}'),
      web('environment: {P: "pa${word}"}'),
      web('environment: {P: $word}'),
      'services: {web: {image: "app:v$VERSION"}}\n',
      withExample('environment: {P: pa$word}'),
      withExample('command: echo $TAG'),
      web('command: echo $HOME'),
    ],
    remarks: [
      web('environment: {P: pa«$word»}'),
      web('environment:\n  - P=pa«$word»'),
      web('command: ["sh", "-c", "for f in a b; do echo «$f»; done"]'),
      web('healthcheck: {test: "test -n «$ok»"}'),
      web('build: {context: ., args: {P: "a«$b»"}}'),
    ],
  },
  'env-list-quotes': {
    silent: [
      web('environment:\n  - PW=secret'),
      web('environment: {PW: "secret"}'),
      web('environment:\n  - "PW=secret"'),
      web(`environment:\n  - 'JSON={"a": 1}'`),
      web(`environment:\n  - OPTS="a" "b"`),
    ],
    remarks: [
      web("environment:\n  - PW=«'secret'»"),
      web('environment:\n  - NAME=«"a b"»\n  - OTHER=x'),
      web('labels:\n  - app.name=«"x"»'),
      web(`environment:\n  - "PW=«'secret'»"`),
    ],
  },
  'scalar-changed': {
    silent: [
      web('environment: {V: "1.0", PORT: 8080, D: 1.5, N: -1, T: true, E: , W: yes}'),
      web('environment:\n  - V=1.0'),
      web('environment: {V: !!str 1.0}'),
      web('ports: [80]'),
    ],
    remarks: [
      web('environment: {V: «1.0»}'),
      web('environment: {MASK: «0777», B: «08»}'),
      web('environment: {E: «12e3», D: «2020-01-01»}'),
      web('labels: {v: «2.10»}'),
      web('environment: {T: «True», I: «1_000», H: «0x10»}'),
      web('build: {context: ., args: {NODE: «20.0»}}'),
    ],
  },
  'mode-decimal': {
    silent: [
      web('secrets: [{source: pw, mode: 0400}]\n').concat('secrets: {pw: {file: ./pw}}\n'),
      web('secrets: [{source: pw, mode: "400"}]\n').concat('secrets: {pw: {file: ./pw}}\n'),
      web('secrets: [{source: pw, mode: 288}]\n').concat('secrets: {pw: {file: ./pw}}\n'),
      web('volumes: [{type: tmpfs, target: /t, tmpfs: {mode: 01777}}]'),
    ],
    remarks: [
      web('secrets: [{source: pw, mode: «400»}]\n').concat('secrets: {pw: {file: ./pw}}\n'),
      web('configs: [{source: c, mode: «755»}]\n').concat('configs: {c: {file: ./c}}\n'),
      web('volumes: [{type: tmpfs, target: /t, tmpfs: {mode: «1777»}}]'),
    ],
  },
  'one-letter-volume': {
    silent: [
      web('volumes: ["vol:/data"]').concat('volumes: {vol: }\n'),
      web('volumes: ["c:/data:/data"]'),
      web('volumes: ["C:\\\\data:/data"]'),
      web('volumes: [{type: volume, source: v, target: /data}]').concat('volumes: {v: }\n'),
    ],
    remarks: [
      web('volumes: [«"v:/data"»]').concat('volumes: {v: }\n'),
      web('volumes:\n  - «d:/data:ro»').concat('volumes: {d: }\n'),
    ],
  },
  'merge-loses': {
    silent: [
      'x-b: &b {environment: {A: 1}}\nservices: {web: {<<: *b, image: app}}\n',
      'x-b: &b {environment: &e {A: 1}}\nservices: {web: {<<: *b, image: app, environment: {<<: *e, B: 2}}}\n',
      'x-b: &b {environment: {A: 1}}\nservices: {web: {<<: *b, image: app, environment: {A: 2, B: 2}}}\n',
      'x-b: &b {environment: [A=1]}\nservices: {web: {<<: *b, image: app, environment: [A=2, B=1]}}\n',
      'x-b: &b {command: [a]}\nservices: {web: {<<: *b, image: app, command: [b]}}\n',
      'services: {web: {image: "a & b"}}\n',
    ],
    remarks: [
      'x-b: &b {environment: {A: 1}}\nservices: {web: {<<: *b, image: app, «environment»: {B: 2}}}\n',
      'x-b: &b {environment: [A=1]}\nservices: {web: {<<: *b, image: app, «environment»: [B=1]}}\n',
      'x-a: &a {labels: {x: y}}\nx-b: &b {labels: {z: y}}\nservices: {web: {<<: [*a, *b], image: app, «labels»: {z: 2}}}\n',
      'x-a: &a {A: 1}\nx-b: «&a» {A: 2}\nservices: {web: {image: app, environment: *a}}\n',
    ],
  },
}
