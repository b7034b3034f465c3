import { pack } from 'tar-stream'
import { describe, expect, test } from 'vitest'
import type { LogChunk } from '../../src/engine/engine.ts'
import { eventually, exits, IMAGE, notOnPodman, refusal, type Subject, says, stage, text } from './subject.ts'

async function tarOf(files: Readonly<Record<string, string>>): Promise<Uint8Array> {
  const tar = pack()
  for (const [name, content] of Object.entries(files)) tar.entry({ name }, content)
  tar.finalize()
  return Buffer.concat(await Array.fromAsync(tar as AsyncIterable<Buffer>))
}

async function* pieces(bytes: Uint8Array) {
  for (let at = 0; at < bytes.length; at += 700) yield bytes.subarray(at, at + 700)
}

/** What only real processes can show. */
export function onlyReal(subject: Subject): void {
  describe('real processes', () => {
    const s = stage(subject, 'real')
    const sh = async (box: string, script: string) => {
      const chunks: LogChunk[] = []
      const code = await s.engine.exec(box, { command: ['sh', '-c', script] }, { onOutput: c => void chunks.push(c) })
      const of = (stream: string) => Buffer.concat(chunks.filter(c => c.stream === stream).map(c => c.bytes)).toString()
      return { code, out: of('stdout'), err: of('stderr') }
    }

    test('a command’s two streams and its exit code are told apart', async () => {
      const box = await s.run()
      expect(await sh(box, 'echo out; echo err >&2; exit 7')).toEqual({ code: 7, out: 'out\n', err: 'err\n' })
    })

    test('a command runs as the user, in the directory and with the variables asked for', async () => {
      const box = await s.run()
      const chunks: Uint8Array[] = []
      const spec = {
        command: ['sh', '-c', 'echo $(id -u) $(pwd) $A'],
        user: '1234',
        working_dir: '/tmp',
        env: ['A=b c'],
      }
      await s.engine.exec(box, spec, { onOutput: c => void chunks.push(c.bytes) })
      expect(Buffer.concat(chunks).toString()).toBe('1234 /tmp b c\n')
    })

    test('a command’s output is whole, however long', async () => {
      const { out } = await sh(await s.run(), 'seq 1 100000')
      expect(out.length).toBe(588_895)
    })

    test('a command cannot run in what does not', async () => {
      expect((await refusal(s.engine.exec(await s.make(), { command: ['true'] }))).reason).toBe('conflict')
    })

    test('of a command it is known whether it runs and how it ended, also by who did not start it', async () => {
      const box = await s.run()
      let id = ''
      const states: unknown[] = []
      const look = async () => void states.push(await s.engine.inspectExec(id))
      const onCreate = async (created: string) => {
        id = created
        await look()
      }
      await s.engine.exec(box, { command: ['sh', '-c', 'echo on; sleep 0.5; exit 3'] }, { onCreate, onOutput: look })
      await look()
      await s.engine.removeContainer(box, { force: true })
      await look()
      expect(states).toEqual([{ running: false }, { running: true }, { running: false, exitCode: 3 }, undefined])
    })

    test('an abort ends a command, as cancelled', async () => {
      const box = await s.run()
      const controller = new AbortController()
      const command = ['sh', '-c', 'echo begun; sleep 60']
      const running = s.engine.exec(box, { command }, { signal: controller.signal, onOutput: () => controller.abort() })
      expect((await refusal(running)).reason).toBe('cancelled')
    })

    test('an abort ends stopping, as cancelled, long before the grace period', async () => {
      const box = await s.run({ command: ['sh', '-c', 'trap "" TERM; while :; do sleep 0.1; done'] })
      const controller = new AbortController()
      const events = await s.engine.events({ project: s.project })
      const stopping = refusal(s.engine.stopContainer(box, { timeout: 100_000, signal: controller.signal }))
      await eventually(events, event => event.id === box && event.action === 'kill')
      controller.abort()
      expect((await stopping).reason).toBe('cancelled')
    })

    test('standard output and error of a container are told apart', async () => {
      const box = await s.run({ command: ['sh', '-c', 'echo out; echo err >&2'] })
      await s.engine.waitContainer(box)
      expect(await text(s.engine.logs(box, {}), 'stdout')).toBe('out\n')
      expect(await text(s.engine.logs(box, {}), 'stderr')).toBe('err\n')
    })

    test('a terminal’s output is one stream, as it was written', async () => {
      const box = await s.make({ tty: true, command: ['sh', '-c', 'echo out; echo err >&2'] })
      const attached = await s.engine.attach(box)
      await s.engine.startContainer(box)
      expect(await text(attached, 'stdout')).toBe('out\r\nerr\r\n')
      expect(await text(s.engine.logs(box, {}), 'stdout')).toBe('out\r\nerr\r\n')
    })

    test('following goes on while there is something to say', async () => {
      const box = await s.run({ command: ['sh', '-c', 'for i in 1 2 3; do echo $i; sleep 0.1; done; printf end'] })
      expect(await text(s.engine.logs(box, { follow: true }))).toBe('1\n2\n3\nend')
    })

    test('`since` leaves out what is older, and timestamps stand before each line', async context => {
      notOnPodman(s.engine, context, 'timestamps are of seconds')
      const box = await s.run({ command: ['sh', '-c', 'echo old; sleep 1.1; echo new'] })
      await s.engine.waitContainer(box)
      const stamped = (await text(s.engine.logs(box, { timestamps: true }))).trimEnd().split('\n')
      expect(stamped.map(line => line.replace(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z /, ''))).toEqual(['old', 'new'])
      const since = stamped[1]!.split(' ')[0]!
      expect(await text(s.engine.logs(box, { since }))).toBe('new\n')
      expect(await text(s.engine.logs(box, { until: stamped[0]!.split(' ')[0]! }))).not.toContain('new')
    })

    test('200 000 lines are all there', async context => {
      notOnPodman(s.engine, context, 'following ends before the log does')
      const box = await s.run({ command: ['seq', '1', '200000'] })
      const whole = await text(s.engine.logs(box, { follow: true }))
      expect(whole.length).toBe(1_288_895)
      expect(whole.endsWith('199999\n200000\n')).toBe(true)
    })

    test('an archive is unpacked into a container that has not started, from one piece or many', async context => {
      const box = await s.make()
      await s.engine.putArchive(box, '/tmp', await tarOf({ 'one.txt': 'first' }))
      await s.engine.putArchive(box, '/tmp', pieces(await tarOf({ 'deep/two.txt': 'second'.repeat(1000) })))
      await s.engine.startContainer(box)
      expect((await sh(box, 'cat /tmp/one.txt; wc -c < /tmp/deep/two.txt')).out).toBe('first6000\n')
      notOnPodman(s.engine, context, 'a folder that is missing is made')
      expect((await refusal(s.engine.putArchive(box, '/nowhere', await tarOf({ a: 'b' })))).reason).toBe('not-found')
    })

    test('names, aliases and fixed addresses resolve', async () => {
      const [network, net] = [s.name('names'), s.subnet()]
      await s.engine.createNetwork(network, { labels: s.labels(), ipam: { config: [{ subnet: `${net}.0/24` }] } })
      const on = (aliases: string[], ipv4_address?: string) => ({
        network_mode: network,
        networks: [{ network, aliases, ...(ipv4_address && { ipv4_address }) }],
      })
      await s.run(on(['db', 'database'], `${net}.99`))
      const box = await s.run(on(['web']))
      const { out } = await sh(box, 'ping -c1 -W2 database | head -1')
      expect(out).toContain(`${net}.99`)
    })

    test('limits reach the process', async () => {
      const box = await s.run({ resources: { memory: 64 << 20, pids_limit: 50 } })
      const { out } = await sh(
        box,
        'cat /sys/fs/cgroup/memory/memory.limit_in_bytes /sys/fs/cgroup/memory.max 2>/dev/null',
      )
      expect(out.trim()).toBe(String(64 << 20))
    })

    test('a command that is not there fails the start, with the engine’s words', async context => {
      const box = await s.make({ command: ['gantry-no-such-command'] })
      const { reason, message } = await refusal(s.engine.startContainer(box))
      expect(message).toContain('gantry-no-such-command')
      expect(['failed', 'invalid', 'not-found']).toContain(reason)
      notOnPodman(s.engine, context, 'it keeps no exit code of what never ran')
      expect(await s.engine.inspectContainer(box)).toMatchObject({ state: 'created', exitCode: 127 })
    })
  })

  describe('images', () => {
    const s = stage(subject, 'images')
    const dockerfile = (...lines: string[]) =>
      tarOf({ Dockerfile: [`FROM ${IMAGE}`, ...lines].join('\n'), file: 'content\n' })

    test('an image tells what a container of it would be', async () => {
      const image = await s.engine.inspectImage(IMAGE)
      expect(image).toMatchObject({ os: 'linux', command: ['sh'], entrypoint: null, hasHealthcheck: false, user: '' })
      expect(image!.id).toMatch(/^sha256:[0-9a-f]{64}$/)
      expect((await s.engine.inspectImage(image!.id))!.id).toBe(image!.id)
      expect(await s.engine.inspectImage('gantry-nobody/nothing:1')).toBeUndefined()
    })

    test('an image of another platform is not there', async () => {
      expect(await s.engine.inspectImage(IMAGE, { platform: `linux/${await s.engine.arch()}` })).toBeDefined()
      expect(await s.engine.inspectImage(IMAGE, { platform: 'linux/s390x' })).toBeUndefined()
    })

    test('building gives an image, under every tag, and tells what the builder says', async () => {
      const tags = [`${s.name('built')}:1`, `${s.name('built')}:2`]
      const said: string[] = []
      const lines = [
        'ARG A',
        'COPY file /file',
        'RUN echo said-$A && cat /file',
        'LABEL from=file',
        'VOLUME /v',
        'EXPOSE 80',
      ]
      const id = await s.engine.buildImage(pieces(await dockerfile(...lines)), {
        tags,
        dockerfile: 'Dockerfile',
        args: { A: 'it' },
        no_cache: true,
        labels: { asked: 'yes' },
        onOutput: text => said.push(text),
      })
      expect(said.join('')).toContain('said-it')
      for (const tag of tags)
        expect(await s.engine.inspectImage(tag)).toMatchObject({
          id,
          labels: { from: 'file', asked: 'yes' },
          volumes: ['/v'],
          exposed: ['80/tcp'],
        })
      const listed = await s.engine.listImages({ labels: ['asked=yes'] })
      const listedAs = listed.find(i => i.id === id)!.tags.map(tag => tag.replace('docker.io/library/', ''))
      expect(listedAs).toEqual(expect.arrayContaining(tags))
      await s.engine.tagImage(tags[0]!, `${tags[0]}-more`)
      for (const tag of [...tags, `${tags[0]}-more`]) await s.engine.removeImage(tag)
      expect(await s.engine.inspectImage(tags[0]!)).toBeUndefined()
    })

    test('a build that fails says which command did, and with which code', async () => {
      const options = { tags: ['gantry-never:1'], dockerfile: 'Dockerfile' }
      const { reason, message } = await refusal(s.engine.buildImage(pieces(await dockerfile('RUN exit 9')), options))
      expect(reason).toBe('failed')
      expect(message).toMatch(/exit 9.* 9\b|code:? 9|status 9/)
    })

    test('an image that a registry does not give is told by the registry’s words', async () => {
      const { reason, message } = await refusal(s.engine.pullImage('127.0.0.1:9/nothing:1', {}))
      expect(reason).not.toBe('none')
      expect(message).toMatch(/127\.0\.0\.1:9|connection refused/)
    })

    test('removing an image that is not there, or that a container has', async () => {
      expect((await refusal(s.engine.removeImage('gantry-nobody/nothing:1'))).reason).toBe('not-found')
      const tag = `${s.name('used')}:1`
      await s.engine.buildImage(pieces(await dockerfile('LABEL x=y')), { tags: [tag], dockerfile: 'Dockerfile' })
      const box = await s.make({ image: tag, command: exits(0) })
      expect((await refusal(s.engine.removeImage(tag))).reason).toBe('conflict')
      await s.engine.removeContainer(box)
      await s.engine.removeImage(tag)
    })

    test('a build that is cancelled ends, as cancelled', async () => {
      const controller = new AbortController()
      const building = s.engine.buildImage(pieces(await dockerfile('RUN sleep 60')), {
        tags: ['gantry-never:1'],
        dockerfile: 'Dockerfile',
        signal: controller.signal,
        onOutput: text => text.includes('sleep') && controller.abort(),
      })
      expect((await refusal(building)).reason).toBe('cancelled')
    })

    test('two who run at once do not wait for each other', async () => {
      const boxes = await Promise.all(Array.from({ length: 8 }, () => s.run({ command: says('x') })))
      const follows = boxes.map(box => text(s.engine.logs(box, { follow: true })))
      expect(await Promise.all(follows)).toEqual(boxes.map(() => 'x'))
      expect(await Promise.all(boxes.map(box => s.engine.waitContainer(box)))).toEqual(boxes.map(() => 0))
    })
  })
}
