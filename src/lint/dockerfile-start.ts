import { dirname, join } from 'node:path'
import { type Dockerfile, execForm, finalStage, type Instruction, lastOf } from './dockerfile.ts'
import { ofDockerfile } from './dockerfile-rule.ts'
import type { Remark, Rule } from './rule.ts'
import type { Scope } from './scope.ts'
import { partOf } from './written.ts'

/** How an image starts its program. */
export const dockerfileStart: readonly Rule[] = [
  ofDockerfile({
    code: 'shell-form-cmd',
    severity: 'warning',
    why: 'A shell is the first process, and the program does not get the stop signal.',
    bad: 'FROM app\nCMD node app.js\n',
    good: 'FROM app\nCMD ["node", "app.js"]\n',
    except: 'exec in front of the program',
    fixes: true,
    *each(dockerfile) {
      yield* shellForm(lastOf(dockerfile, 'CMD'), 'a shell starts the program, and hands no signal on')
    },
  }),
  ofDockerfile({
    code: 'shell-form-entrypoint',
    severity: 'warning',
    why: 'A shell is the first process; it hands no signal on, and takes neither CMD nor "command:" as arguments.',
    bad: 'FROM app\nENTRYPOINT node app.js\n',
    good: 'FROM app\nENTRYPOINT ["node", "app.js"]\n',
    except: 'exec in front of the program',
    fixes: true,
    *each(dockerfile) {
      yield* shellForm(
        lastOf(dockerfile, 'ENTRYPOINT'),
        'a shell starts the program: "command:" and CMD do not reach it',
      )
    },
  }),
  ofDockerfile({
    code: 'entrypoint-no-exec',
    severity: 'hint',
    why: 'The script stays the first process, and the program does not get the stop signal.',
    bad: 'FROM app:1\nCOPY start.sh /start.sh\nENTRYPOINT ["/start.sh"]\n',
    good: 'FROM app:1\nENTRYPOINT ["app"]\n',
    except: 'a script that traps signals',
    *each(dockerfile, scope) {
      const script = scriptOf(dockerfile, scope)
      if (!script || /\btrap\b/.test(script.text)) return
      const last = script.text
        .split('\n')
        .map(line => line.trim())
        .findLast(line => line !== '' && !line.startsWith('#'))
      if (last === undefined || /^(?:exec|exit|fi|done|esac|\}|wait)\b|^\}/.test(last)) return
      yield {
        at: script.at,
        message: `the last line of "${script.name}" starts a program without "exec"`,
        hint: 'write exec "$@", or exec in front of the program',
      }
    },
  }),
  ofDockerfile({
    code: 'script-crlf',
    severity: 'error',
    why: 'The kernel looks for a program whose name ends with a carriage return: exit code 255 at the start.',
    bad: 'FROM app:1\nCOPY start.sh /start.sh\nENTRYPOINT ["/start.sh"]\n',
    good: 'FROM app:1\nENTRYPOINT ["app"]\n',
    *each(dockerfile, scope) {
      const script = scriptOf(dockerfile, scope)
      if (!script || !/^\uFEFF|^#![^\n]*\r\n/.test(script.text)) return
      const mark = script.text.startsWith('\uFEFF')
      yield {
        at: script.at,
        message: mark ? `"${script.name}" begins with a byte order mark` : `"${script.name}" has Windows line ends`,
        hint: mark
          ? 'save it as UTF-8 without the mark'
          : 'save it with line feeds only; .gitattributes: *.sh text eol=lf',
      }
    },
  }),
]

function* shellForm(instruction: Instruction | undefined, message: string): Generator<Remark> {
  if (!instruction || execForm(instruction.rest) || /^exec\s/.test(instruction.rest)) return
  const { rest, restAt } = instruction
  const plain = !/[^\w\s./:=@,+-]/.test(rest) && !/^\w+=/.test(rest)
  yield {
    at: restAt,
    message,
    hint: 'write it as a list: ["program", "argument"]',
    ...(plain && {
      edits: [
        {
          at: restAt,
          text: `[${rest
            .split(/\s+/)
            .map(word => JSON.stringify(word))
            .join(', ')}]`,
        },
      ],
    }),
  }
}

/** The script beside the Dockerfile that the image starts with. */
function scriptOf(dockerfile: Dockerfile, { files }: Scope) {
  const stage = finalStage(dockerfile)
  const entrypoint = stage.findLast(({ word }) => word === 'ENTRYPOINT') ?? stage.findLast(({ word }) => word === 'CMD')
  const words = entrypoint && (execForm(entrypoint.rest) ?? entrypoint.rest.split(/\s+/))
  const name = words?.find(word => /\.(?:ba)?sh$|entrypoint/.test(word))?.replace(/^.*\//, '')
  if (!entrypoint || name === undefined) return undefined
  const folder = dockerfile.context ?? dirname(dockerfile.path)
  for (const { word, rest } of stage) {
    if ((word !== 'COPY' && word !== 'ADD') || /--from=/.test(rest)) continue
    const source = rest
      .split(/\s+/)
      .filter(part => !part.startsWith('--'))
      .find(part => part.endsWith(name))
    const path = join(folder, source ?? name)
    const found = (source !== undefined || /(?:^|\s)\.\/?\s/.test(rest)) && files.stat(path)?.kind === 'file'
    if (found) return { name, at: partOf(entrypoint.at, name)!, text: Buffer.from(files.read(path)).toString('utf8') }
  }
  return undefined
}
