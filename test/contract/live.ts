import { Readable } from 'node:stream'
import { extract } from 'tar-stream'
import { describe, expect, test } from 'vitest'
import type { LiveEngine, StatsSample } from '../../src/engine/live.ts'
import { notOnPodman, refusal, type Subject, stage, text, until } from './subject.ts'

async function filesOf(tar: AsyncIterable<Uint8Array>): Promise<Record<string, string>> {
  const files: Record<string, string> = {}
  const reader = Readable.from(tar).pipe(extract())
  for await (const entry of reader)
    files[entry.header.name] = Buffer.concat(await Array.fromAsync(entry as AsyncIterable<Buffer>)).toString()
  return files
}

async function* words(...all: string[]) {
  for (const word of all) yield Buffer.from(word)
}

/** What commands other than `up` need of an engine with real files and processes. */
export function live(subject: Subject): void {
  describe('files and processes', () => {
    const s = stage(subject, 'live')
    const engine = () => s.engine as LiveEngine
    const made = () =>
      s.run({
        command: [
          'sh',
          '-c',
          'mkdir /d; echo text > /d/file; ln -s file /d/link; chmod 640 /d/file; touch /ready; while :; do sleep 0.1; done',
        ],
      })
    const ready = async (box: string) => {
      await until(
        () => engine().statPath(box, '/ready'),
        there => there !== undefined,
      )
      return box
    }

    test('a folder comes as an archive', async () => {
      const box = await ready(await made())
      expect(await filesOf(await engine().getArchive(box, '/d'))).toMatchObject({ 'd/file': 'text\n' })
      expect((await refusal(engine().getArchive(box, '/nowhere'))).reason).toBe('not-found')
    })

    test('a path is told for what it is', async () => {
      const box = await ready(await made())
      expect(await engine().statPath(box, '/d')).toMatchObject({ name: 'd', kind: 'directory' })
      const file = { name: 'file', kind: 'file', size: 5, mode: 0o640 }
      expect(await engine().statPath(box, '/d/file')).toMatchObject(file)
      expect(await engine().statPath(box, '/d/link')).toMatchObject({
        kind: 'link',
        target: expect.stringMatching(/file$/),
      })
      expect(await engine().statPath(box, '/nowhere')).toBeUndefined()
      expect((await refusal(engine().statPath('gantry-nothing', '/'))).reason).toBe('none')
    })

    test('a container is exported whole', async () => {
      const box = await ready(await made())
      expect((await filesOf(await engine().exportContainer(box)))['d/file']).toBe('text\n')
    })

    test('a container becomes an image', async () => {
      const box = await ready(await made())
      const reference = `${s.name('committed')}:1`
      const id = await engine().commitContainer(box, { reference, message: 'm', changes: ['ENV A=1'] })
      const image = await engine().inspectImage(reference)
      expect(image!.id).toContain(id.replace('sha256:', ''))
      expect(image!.env).toContain('A=1')
      await engine().removeImage(reference)
    })

    test('processes are told as ps prints them', async () => {
      const box = await s.run()
      const { titles, processes } = await engine().top(box)
      // busybox's ps has no options, so that Podman, which runs it inside, gives lines unsplit.
      expect(titles.join(' ')).toContain('PID')
      expect(processes.flat().join(' ')).toContain('trap')
      expect((await refusal(engine().top(await s.make()))).reason).not.toBe('none')
    })

    test('usage is one sample, or one after another', async context => {
      const box = await s.run({
        command: ['sh', '-c', 'while :; do :; done'],
        resources: { nano_cpus: 5e8, memory: 64 << 20 },
      })
      const one = await Array.fromAsync(engine().stats(box))
      expect(one).toHaveLength(1)
      expect(one[0]).toMatchObject({ memory_limit: 64 << 20 })
      notOnPodman(s.engine, context, 'a single sample has nothing to reckon with')
      expect(one[0]!.cpus).toBeGreaterThan(0)
      expect(one[0]!.pids).toBeGreaterThan(0)
      const several: StatsSample[] = []
      for await (const sample of engine().stats(box, { follow: true })) if (several.push(sample) === 2) break
      expect(several[1]!.time).toBeGreaterThan(several[0]!.time)
    })

    test('what is written to an attached container is read by it', async () => {
      const box = await s.make({ command: ['cat'], stdin_open: true, stdin_once: true })
      const attached = await engine().attachWithInput(box, words('one ', 'two'))
      await engine().startContainer(box)
      expect(await text(attached)).toBe('one two')
    })

    test('what is written to a command is read by it, and it sees the end', async () => {
      const box = await s.run()
      const chunks: Uint8Array[] = []
      const stdin = words(...Array.from({ length: 50 }, () => 'x'.repeat(100_000)))
      const code = await engine().exec(
        box,
        { command: ['wc', '-c'] },
        { stdin, onOutput: c => void chunks.push(c.bytes) },
      )
      expect({ code, counted: Buffer.concat(chunks).toString().trim() }).toEqual({ code: 0, counted: '5000000' })
    })

    test('a terminal has the size that it is given', async () => {
      const box = await s.make({ tty: true, stdin_open: true, command: ['sh', '-c', 'read line; stty size'] })
      const go = Promise.withResolvers<void>()
      const stdin = (async function* () {
        await go.promise
        yield Buffer.from('\n')
        // A terminal whose other side has hung up has no size.
        await new Promise(() => {})
      })()
      const attached = await engine().attachWithInput(box, stdin)
      await engine().startContainer(box)
      await engine().resizeTerminal(box, { rows: 44, columns: 99 })
      go.resolve()
      expect(await text(attached)).toContain('44 99')
    })
  })
}
