/** Small files that are right, each named for what it shows. */
export const tidy: readonly (readonly [string, object])[] = [
  [
    'short forms',
    {
      services: {
        a: {
          image: 'x',
          build: '.',
          ports: [80, '8080:80'],
          volumes: ['./a:/b'],
          command: 'a b',
          depends_on: ['b'],
          networks: ['n'],
        },
      },
    },
  ],
  [
    'long forms',
    {
      services: {
        a: {
          build: { context: '.' },
          ports: [{ target: 80, published: 80 }],
          volumes: [{ type: 'bind', source: '.', target: '/x' }],
          networks: { n: null },
        },
      },
    },
  ],
  [
    'names and values',
    { services: { a: { environment: { A: 1, B: null, C: true }, labels: ['a=1'], extra_hosts: { h: ['1.1.1.1'] } } } },
  ],
  [
    'resources',
    {
      networks: { n: null, m: { external: true } },
      volumes: { v: {} },
      secrets: { s: { environment: 'S' } },
      configs: { c: { content: 'x' } },
      models: { m: { model: 'x' } },
    },
  ],
  ['extensions', { 'x-a': [1], services: { a: { 'x-b': { c: null }, image: 'x' } } }],
]
