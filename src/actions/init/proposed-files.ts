/** What was found out about the code in a folder, as far as running it in a container depends on that. */
export interface Found {
  /** Nothing where there is one already. */
  readonly dockerfile?: readonly string[]
  readonly port: number
  /** How to see that it is up, with a tool that is in the image. */
  readonly check?: readonly string[]
  /** What is sent into the container by `watch`, and what builds anew. */
  readonly ignored: readonly string[]
}

/** The files that a folder with code is run by. */
export function proposedFiles({ dockerfile, port, check, ignored }: Found): ReadonlyMap<string, string> {
  return new Map([
    ['compose.yaml', composeText(port, check)],
    ...(dockerfile ? [['Dockerfile', lines(dockerfile)] as const] : []),
    ['.dockerignore', lines(['.git', '.env*', 'secrets', 'compose*.yaml', 'Dockerfile', 'README.md', ...ignored])],
    ['.env.example', lines(['# Copy to .env to change what compose.yaml takes from the environment.', `PORT=${port}`])],
  ])
}

const composeText = (port: number, check: readonly string[] | undefined) =>
  lines([
    'services:',
    '  app:',
    '    build: .',
    '    init: true',
    '    restart: unless-stopped',
    '    ports:',
    '      # Only for this machine; without the address, for everybody who reaches it.',
    `      - "127.0.0.1:\${PORT:-${port}}:${port}"`,
    '    environment:',
    `      PORT: "${port}"`,
    ...(check
      ? [
          '    healthcheck:',
          '      # The port is open; better is a page that looks whether all is well.',
          `      test: ["CMD", ${check.map(word => JSON.stringify(word)).join(', ')}]`,
          '      interval: 5s',
          '      timeout: 3s',
          '      retries: 12',
        ]
      : []),
    '    security_opt:',
    '      - no-new-privileges:true',
    '    deploy:',
    '      resources:',
    '        limits:',
    '          cpus: "1"',
    '          memory: 512M',
    '          pids: 200',
    '    develop:',
    '      watch:',
    '        - action: rebuild',
    '          path: .',
  ])

const lines = (all: readonly string[]) => all.map(line => `${line}\n`).join('')
