import { basename } from 'node:path'
import type { Found } from './proposed-files.ts'

/** A kind of code: what gives it away, and how it is run. */
export interface Code extends Found {
  /** "node" */
  readonly name: string
  /** What was looked at: "package.json". */
  readonly seen: readonly string[]
  /** All that it says it needs, as text to search. */
  readonly needs: string
}

/** Reads a file of the folder; undefined where there is none. */
export type Read = (name: string) => string | undefined

/** What the code in a folder is, by the first sign that is there. */
export function codeIn(read: Read): Code | undefined {
  return built(read) ?? node(read) ?? python(read) ?? go(read) ?? pages(read)
}

function built(read: Read): Code | undefined {
  const dockerfile = read('Dockerfile')
  if (dockerfile === undefined) return undefined
  const [, port = '8080'] = /^\s*EXPOSE\s+(\d+)/im.exec(dockerfile) ?? []
  const needs = ['package.json', 'requirements.txt', 'pyproject.toml', 'go.mod']
    .map(name => read(name) ?? '')
    .join('\n')
  return { name: 'for the Dockerfile', seen: ['Dockerfile'], port: Number(port), ignored: [], needs }
}

interface Package {
  readonly scripts?: Readonly<Record<string, string>>
  readonly main?: string
}

function node(read: Read): Code | undefined {
  const text = read('package.json')
  if (text === undefined) return undefined
  const { scripts = {}, main } = packageOf(text)
  const { lock, install, run } = packager(read)
  const port = 3000
  const start = /^node ([\w./-]+)$/.exec(scripts['start'] ?? '')?.[1]
  const entry = start ?? main ?? ['server.js', 'index.js', 'src/index.js'].find(name => read(name) !== undefined)
  const command = scripts['start'] !== undefined && start === undefined ? [run, 'start'] : ['node', entry ?? 'index.js']
  const compiled = scripts['build'] !== undefined
  return {
    name: 'for Node',
    seen: ['package.json', ...(lock ? [lock] : [])],
    needs: text,
    port,
    ignored: ['node_modules', 'npm-debug.log'],
    check: [
      'node',
      '-e',
      `require('net').connect(${port}, '127.0.0.1').on('connect', () => process.exit(0)).on('error', () => process.exit(1))`,
    ],
    dockerfile: [
      'FROM node:24.11-alpine',
      'WORKDIR /app',
      ...(run === 'npm' ? [] : ['RUN corepack enable']),
      '# Packages first: they change less often than the sources, and stay in the build cache.',
      `COPY package.json${lock ? ` ${lock}` : ''} ./`,
      `RUN ${install}`,
      'COPY . .',
      ...(compiled ? [`RUN ${run} run build`] : []),
      'ENV NODE_ENV=production',
      'USER node',
      `EXPOSE ${port}`,
      `CMD ${JSON.stringify(command).replaceAll(',', ', ')}`,
    ],
  }
}

function packageOf(text: string): Package {
  try {
    const read: unknown = JSON.parse(text)
    return typeof read === 'object' && read !== null ? read : {}
  } catch {
    // Whoever runs it is told by npm; here it only means that nothing is known of it.
    return {}
  }
}

function packager(read: Read): {
  readonly lock?: string
  readonly install: string
  readonly run: 'npm' | 'pnpm' | 'yarn'
} {
  if (read('pnpm-lock.yaml') !== undefined)
    return { lock: 'pnpm-lock.yaml', install: 'pnpm install --frozen-lockfile', run: 'pnpm' }
  if (read('yarn.lock') !== undefined)
    return {
      lock: 'yarn.lock',
      install: `yarn install ${read('.yarnrc.yml') === undefined ? '--frozen-lockfile' : '--immutable'}`,
      run: 'yarn',
    }
  if (read('package-lock.json') !== undefined) return { lock: 'package-lock.json', install: 'npm ci', run: 'npm' }
  return { install: 'npm install', run: 'npm' }
}

function python(read: Read): Code | undefined {
  const [list] = ['requirements.txt', 'pyproject.toml'].filter(name => read(name) !== undefined)
  if (list === undefined) return undefined
  const needs = read(list)!
  const port = 8000
  return {
    name: 'for Python',
    seen: [list],
    needs,
    port,
    ignored: ['__pycache__', '.venv', '*.pyc'],
    check: ['python', '-c', `import socket; socket.create_connection(('127.0.0.1', ${port}), 2)`],
    dockerfile: [
      'FROM python:3.13-slim-bookworm',
      'ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1',
      'WORKDIR /app',
      ...(list === 'requirements.txt'
        ? ['COPY requirements.txt ./', 'RUN pip install -r requirements.txt', 'COPY . .']
        : ['COPY . .', 'RUN pip install .']),
      'USER 10001:10001',
      `EXPOSE ${port}`,
      `CMD ${JSON.stringify(pythonCommand(read, needs, port)).replaceAll(',', ', ')}`,
    ],
  }
}

function pythonCommand(read: Read, needs: string, port: number): readonly string[] {
  const file = ['main.py', 'app.py', 'app/main.py', 'src/main.py'].find(name => read(name) !== undefined) ?? 'main.py'
  const module = file.replace(/\.py$/, '').replaceAll('/', '.')
  if (read('manage.py') !== undefined) return ['python', 'manage.py', 'runserver', `0.0.0.0:${port}`]
  if (/\b(?:fastapi|starlette|uvicorn)\b/i.test(needs))
    return ['uvicorn', `${module}:app`, '--host', '0.0.0.0', '--port', String(port)]
  if (/\bgunicorn\b/i.test(needs)) return ['gunicorn', '--bind', `0.0.0.0:${port}`, `${module}:app`]
  if (/\bflask\b/i.test(needs)) return ['flask', '--app', module, 'run', '--host', '0.0.0.0', '--port', String(port)]
  return ['python', file]
}

function go(read: Read): Code | undefined {
  const text = read('go.mod')
  if (text === undefined) return undefined
  const [, module = 'app'] = /^module\s+(\S+)/m.exec(text) ?? []
  const [, version = '1.25'] = /^go\s+(\d+\.\d+)/m.exec(text) ?? []
  const name = basename(module)
  const port = 8080
  return {
    name: 'for Go',
    seen: ['go.mod'],
    needs: text,
    port,
    ignored: [name],
    check: ['nc', '-z', '127.0.0.1', String(port)],
    dockerfile: [
      `FROM golang:${Number(version.split('.')[1]) < 25 ? '1.25' : version}-alpine AS build`,
      'WORKDIR /src',
      `COPY go.mod ${read('go.sum') === undefined ? '' : 'go.sum '}./`,
      'RUN go mod download',
      'COPY . .',
      'RUN CGO_ENABLED=0 go build -o /app .',
      '',
      'FROM alpine:3.22',
      'COPY --from=build /app /app',
      'USER 65532:65532',
      `EXPOSE ${port}`,
      'ENTRYPOINT ["/app"]',
    ],
  }
}

function pages(read: Read): Code | undefined {
  if (read('index.html') === undefined) return undefined
  return {
    name: 'for pages behind nginx',
    seen: ['index.html'],
    needs: '',
    port: 8080,
    ignored: [],
    check: ['wget', '-q', '-O', '/dev/null', 'http://127.0.0.1:8080/'],
    dockerfile: ['FROM nginxinc/nginx-unprivileged:1.29-alpine', 'COPY . /usr/share/nginx/html'],
  }
}
