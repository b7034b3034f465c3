import { dirname, join } from 'node:path'
import { looksSecret } from '../model/secrets.ts'
import { lastOf } from './dockerfile.ts'
import { ofDockerfile } from './dockerfile-rule.ts'
import { tagOf } from './known-images.ts'
import type { Rule } from './rule.ts'
import { partOf } from './written.ts'

/** How an image is made, step by step. */
export const dockerfileSteps: readonly Rule[] = [
  ofDockerfile({
    code: 'copy-before-install',
    severity: 'hint',
    why: 'Each edit of any file throws the installed dependencies away.',
    bad: 'FROM node:22\nCOPY . .\nRUN npm ci\n',
    good: 'FROM node:22\nCOPY package.json package-lock.json ./\nRUN npm ci\nCOPY . .\n',
    except: 'dependencies that lie in the directory itself',
    *each({ instructions }) {
      for (const [i, { word, rest, at, stage }] of instructions.entries()) {
        if (word !== 'COPY' || !/^(?:--\S+\s+)*\.\/?\s+\S+$/.test(rest) || /--from=/.test(rest)) continue
        const next = instructions
          .slice(i + 1)
          .find(
            one =>
              one.stage === stage &&
              one.word === 'RUN' &&
              /\b(?:npm (?:ci|install|i)|yarn install|pnpm (?:i|install)|pip3? install|poetry install|bundle install|composer install|go mod download)\b/.test(
                one.rest,
              ),
          )
        if (next)
          yield {
            at,
            message: 'all is copied before dependencies are installed, so each edit installs them anew',
            hint: 'copy the list of dependencies, install, then copy the rest',
            notes: [{ message: 'installed here', at: next.at }],
          }
      }
    },
  }),
  ofDockerfile({
    code: 'no-dockerignore',
    severity: 'warning',
    why: 'The history, keys and dependencies that lie beside go into the image.',
    bad: 'FROM app\nCOPY . .\n',
    good: 'FROM app\nCOPY src/ ./src/\n',
    except: 'nothing lies beside that should not',
    *each(dockerfile, { files }) {
      const folder = dockerfile.context ?? dirname(dockerfile.path)
      const ignored = [join(folder, '.dockerignore'), `${dockerfile.path}.dockerignore`].some(path => files.stat(path))
      const beside = ['.git', '.env', 'node_modules'].filter(name => files.stat(join(folder, name)))
      const copy = dockerfile.instructions.find(
        ({ word, rest }) => (word === 'COPY' || word === 'ADD') && /^(?:--(?!from=)\S+\s+)*\.\/?\s/.test(rest),
      )
      if (!copy || ignored || beside.length === 0) return
      yield {
        at: copy.at,
        message: `${beside.join(', ')} ${beside.length === 1 ? 'is' : 'are'} copied into the image as well`,
        hint: `write ${beside.length === 1 ? 'it' : 'them'} into a .dockerignore`,
      }
    },
  }),
  ofDockerfile({
    code: 'secret-in-arg-env',
    severity: 'warning',
    why: 'It stays in the image’s history, for everyone who has the image.',
    bad: 'FROM app\nARG TOKEN\n',
    good: 'FROM app\nRUN --mount=type=secret,id=token cat /run/secrets/token\n',
    except: 'public keys, and names of files',
    *each({ instructions }) {
      for (const { word, rest, at } of instructions) {
        if (word !== 'ARG' && word !== 'ENV') continue
        const names =
          word === 'ENV' && !rest.includes('=')
            ? rest.split(/\s/, 1)
            : [...rest.matchAll(/(?:^|\s)(\w+)(?==|\s|$)/g)].map(([, name]) => name!)
        for (const name of names) {
          if (
            !looksSecret(name) ||
            /PUBLIC|_FILE$|_PATH$|KEYSERVER|(?:^|_)KEYS?$/i.test(
              name.replace(/(?:API|SECRET|ACCESS|PRIVATE)_KEY$/i, 'x_SECRET'),
            )
          )
            continue
          yield {
            at: partOf(at, name),
            message: `"${name}" stays in the image for everyone to read`,
            hint: 'give it to the step that needs it: RUN --mount=type=secret',
          }
        }
      }
    },
  }),
  ofDockerfile({
    code: 'final-user-root',
    severity: 'hint',
    why: 'A fault in the program is then a fault of root.',
    bad: 'FROM app:1\nUSER root\nCMD ["app"]\n',
    good: 'FROM app:1\nUSER 1000\nCMD ["app"]\n',
    except: 'no USER at all: the base image may have one',
    *each(dockerfile) {
      const user = lastOf(dockerfile, 'USER')
      if (user && /^(?:root|0)(?::|$)/.test(user.rest))
        yield { at: user.at, message: 'the program runs as root', hint: 'end with a USER that is not root' }
    },
  }),
  ofDockerfile({
    code: 'base-latest',
    severity: 'hint',
    why: 'Another day it is another base, and the same Dockerfile builds another program.',
    bad: 'FROM node\nCMD ["node"]\n',
    good: 'FROM node:22\nCMD ["node"]\n',
    except: 'an earlier stage, scratch, a variable',
    *each({ instructions }) {
      const stages = new Set(['scratch'])
      for (const { word, rest, at } of instructions) {
        if (word !== 'FROM') continue
        const [image = '', , name] = rest.split(/\s+/).filter(part => !part.startsWith('--'))
        if (!stages.has(image.toLowerCase()) && !image.includes('$') && tagOf(image) === 'latest')
          yield { at: partOf(at, image), message: `"${image}" is whatever is newest`, hint: 'give a version' }
        if (name !== undefined) stages.add(name.toLowerCase())
      }
    },
  }),
  ofDockerfile({
    code: 'add-for-copy',
    severity: 'hint',
    why: 'ADD unpacks archives and fetches addresses: COPY says that neither is meant.',
    bad: 'FROM app:1\nADD app.conf /etc/\n',
    good: 'FROM app:1\nCOPY app.conf /etc/\n',
    except: 'addresses and archives',
    fixes: true,
    *each({ instructions }) {
      for (const { word, rest, at } of instructions) {
        const sources = rest
          .split(/\s+/)
          .filter(part => !part.startsWith('--'))
          .slice(0, -1)
        if (
          word !== 'ADD' ||
          rest.startsWith('[') ||
          sources.some(source => /:\/\/|^git@|\.(?:tar|t?gz|tgz|bz2|xz|zst)$|[$*?]/.test(source))
        )
          continue
        if (/--(?:checksum|keep-git-dir|unpack)/.test(rest)) continue
        const place = { ...at, end: at.start + word.length }
        yield {
          at: place,
          message: 'nothing is unpacked or fetched here',
          hint: 'write COPY',
          edits: [{ at: place, text: 'COPY' }],
        }
      }
    },
  }),
  ofDockerfile({
    code: 'workdir-relative',
    severity: 'warning',
    why: 'It is relative to whatever the base image has, which may change.',
    bad: 'FROM app:1\nWORKDIR app\n',
    good: 'FROM app:1\nWORKDIR /app\n',
    except: 'one below an absolute one of the same stage',
    *each({ instructions }) {
      for (const [i, { word, rest, restAt, stage }] of instructions.entries()) {
        if (word !== 'WORKDIR' || /^["']?(?:\/|\$|[A-Za-z]:)/.test(rest)) continue
        if (
          instructions
            .slice(0, i)
            .some(one => one.word === 'WORKDIR' && one.stage === stage && /^["']?\//.test(one.rest))
        )
          continue
        yield {
          at: restAt,
          message: `"${rest}" is relative to what the base image has`,
          hint: `write /${rest.replace(/^\.\//, '')}`,
        }
      }
    },
  }),
]
