import { homedir } from 'node:os'
import { userError } from '../../text/problem.ts'
import { command } from '../command.ts'
import { flag } from '../flag.ts'
import { fileOf, keptBeside, pluginFolder, put, standing, startable, takeAway } from '../plugin-links.ts'

export default command({
  operands: 'install|remove|status',
  flags: {
    compose: flag.boolean('Also as "docker compose"'),
    replace: flag.boolean('Even where another docker-compose stands, which is kept and put back by "plugin remove"'),
  },
  async run({ flags, operands: [verb = ''], app }) {
    const folder = pluginFolder(app.env, app.env['HOME'] ?? homedir())
    const places = ['docker-gantry', 'docker-compose'].map(name => ({ name, path: fileOf(folder, name) }))
    const say = (text: string) => app.print(`${app.globals['dry-run'] ? 'would be: ' : ''}${text}\n`)

    if (verb === 'status') {
      for (const { name, path } of places) app.print(`${name}\t${await standing(path, app.file)}\t${path}\n`)
    } else if (verb === 'install') {
      if (!(await startable(app.file)))
        throw userError(
          'not-startable',
          `docker cannot start ${app.file}`,
          'install the command by npm or as an executable, and ask that one',
        )
      const wanted = places.filter(({ name }) => name === 'docker-gantry' || flags.compose)
      // All is looked at before anything is touched.
      const found = await Promise.all(
        wanted.map(async place => ({ ...place, is: await standing(place.path, app.file) })),
      )
      const foreign = found.find(({ is }) => is === 'foreign')
      if (foreign && !flags.replace)
        throw userError(
          'foreign-plugin',
          `${foreign.path} is there, and is not Gantry's`,
          'with --replace it is kept beside, and "gantry plugin remove" puts it back',
        )
      for (const { name, path, is } of found) {
        if (!app.globals['dry-run']) await put(path, app.file)
        say(`docker ${name.slice('docker-'.length)} → ${app.file}`)
        if (is === 'foreign') say(`what stood there is kept as ${keptBeside(path)}`)
      }
    } else if (verb === 'remove' || verb === 'uninstall') {
      for (const { path } of places) {
        const is = await standing(path, app.file)
        if (is === 'foreign') app.print(`${path} is not Gantry's and stays\n`)
        if (is !== 'ours') continue
        if (!app.globals['dry-run']) await takeAway(path, app.file)
        say(`${path} removed`)
      }
    } else
      throw userError(
        'bad-operand',
        `"${verb}" is nothing that plugin does`,
        'it takes "install", "remove" or "status"',
      )
  },
})
