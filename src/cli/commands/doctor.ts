import { homedir } from 'node:os'
import { bad, type CheckUp } from '../../actions/doctor/check-up.ts'
import { examineConnection } from '../../actions/doctor/connection.ts'
import { examineEngine } from '../../actions/doctor/engine.ts'
import { isEngineError } from '../../engine/errors.ts'
import { userError } from '../../text/problem.ts'
import { checkUpsText } from '../../ui/check-ups.ts'
import { paint } from '../../ui/paint.ts'
import type { App } from '../app.ts'
import { command } from '../command.ts'
import { flag } from '../flag.ts'

export default command({
  operands: '[SERVICE] [HOST:PORT]',
  flags: { format: flag.choice('How to print it', ['text', 'json']) },
  async run({ flags, operands: [from, target, ...more], app }) {
    if (more.length > 0 || (from !== undefined && target === undefined))
      throw userError(
        'usage',
        '"doctor" takes nothing, or a service and what it is to reach',
        'as in "doctor web db:5432"',
      )
    const checks = from !== undefined && target !== undefined ? await connection(from, target, app) : await engine(app)
    if (flags.format === 'json') app.print(`${JSON.stringify(checks, undefined, 2)}\n`)
    else app.print(checkUpsText(checks, paint(app.look.colour.out)))
    return checks.some(check => check.state === 'error') ? 2 : 0
  },
})

/** An engine that is not to be reached is what a doctor is asked about: it is an answer, not a failure of the command. */
async function engine(app: App): Promise<readonly CheckUp[]> {
  try {
    return await examineEngine(await app.engine(), { env: app.env, home: app.env['HOME'] ?? homedir() })
  } catch (error) {
    if (!isEngineError(error)) throw error
    return [
      bad(error.code, error.message, error.hint ?? 'look at DOCKER_HOST and its like, and at "docker context ls"'),
    ]
  }
}

async function connection(from: string, target: string, app: App): Promise<readonly CheckUp[]> {
  const [, host, port] = /^([A-Za-z0-9][\w.-]*):(\d{1,5})$/.exec(target) ?? []
  if (host === undefined || port === undefined)
    throw userError('bad-target', `"${target}" is no address`, 'write a name and a port, as in "db:5432"')
  void app.engine()
  const { name } = await app.target()
  return examineConnection(name, { from, host, port: Number(port) }, { engine: await app.engine(), signal: app.signal })
}
