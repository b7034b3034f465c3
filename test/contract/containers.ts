import { describe, expect, test } from 'vitest'
import { eventually, exits, IMAGE, notOnPodman, refusal, runs, type Subject, stage, until } from './subject.ts'

export function containers(subject: Subject): void {
  describe('containers', () => {
    const s = stage(subject, 'containers')
    // Podman writes names of Docker Hub in full.
    const asStored = expect.stringMatching(new RegExp(`^(docker\\.io/library/)?${IMAGE}$`))
    const state = async (id: string) => (await s.engine.inspectContainer(id)).state

    test('a created container has its name, labels and image, and does not run', async () => {
      const name = s.name('created')
      const id = await s.make({ labels: { ...s.labels(), a: 'b' } }, name)
      const detail = await s.engine.inspectContainer(id)
      expect(detail).toMatchObject({ id, name, state: 'created', startedAt: 0, finishedAt: 0, tty: false })
      expect(detail.labels).toMatchObject({ ...s.labels(), a: 'b' })
      expect(detail.spec).toMatchObject({ image: asStored, command: runs, restart: 'no', network_mode: 'none' })
    })

    test('a container is found by its name as well as by its id', async () => {
      const name = s.name('named')
      const id = await s.make({}, name)
      expect((await s.engine.inspectContainer(name)).id).toBe(id)
    })

    test('of many that are inspected at once each is the one that was asked for, and none is what is not there', async () => {
      const made = await Promise.all(['a', 'b', 'c'].map(letter => s.make({}, s.name(`many-${letter}`))))
      const asked = Array.from({ length: 30 }, (_, i) => made[i % 3]!).toSpliced(20, 0, 'gantry-nothing')
      const inspected = await Promise.allSettled(asked.map(id => s.engine.inspectContainer(id)))
      expect(inspected.map(one => (one.status === 'fulfilled' ? one.value.id : 'gantry-nothing'))).toEqual(asked)
      expect(inspected[20]).toMatchObject({ reason: { reason: 'not-found' } })
    })

    test('a name that is taken is a conflict that says whose it is', async () => {
      const name = s.name('taken')
      await s.make({}, name)
      const { reason, message } = await refusal(s.make({}, name))
      expect({ reason, names: message.includes(name) }).toEqual({ reason: 'conflict', names: true })
    })

    test('a container of an image that is not there is not found', async () => {
      const { reason, message } = await refusal(s.make({ image: 'gantry-nobody/nothing:1' }))
      expect(reason).toBe('not-found')
      expect(message).toMatch(/no such image: (docker.io\/)?gantry-nobody\/nothing:1/i)
    })

    test('what is not there is not found', async () => {
      const calls = [
        () => s.engine.inspectContainer('gantry-nothing'),
        () => s.engine.startContainer('gantry-nothing'),
        () => s.engine.stopContainer('gantry-nothing'),
        () => s.engine.removeContainer('gantry-nothing'),
        () => s.engine.waitContainer('gantry-nothing'),
        () => s.engine.renameContainer('gantry-nothing', 'gantry-other'),
      ]
      for (const call of calls) expect((await refusal(call())).reason).toBe('not-found')
    })

    test('lists what runs, and with `all` what does not, of one project and service', async () => {
      const service = s.name('service')
      const running = await s.run({ labels: s.labels(service) })
      const created = await s.make({ labels: s.labels(service) })
      const of = async (filter: object) =>
        (await s.engine.listContainers({ project: s.project, service, ...filter })).map(c => c.id)
      expect(await of({})).toEqual([running])
      expect((await of({ all: true })).toSorted()).toEqual([created, running].toSorted())
      expect(await of({ project: 'gantry-no-project', all: true })).toEqual([])
      expect(await of({ labels: ['com.docker.compose.service'], all: true })).toHaveLength(2)
      expect(await of({ labels: ['com.docker.compose.service=other'], all: true })).toEqual([])
    })

    test('a list says what inspecting says', async () => {
      const name = s.name('listed')
      const id = await s.run({}, name)
      const listed = (await s.engine.listContainers({ project: s.project })).find(c => c.id === id)
      const detail = await s.engine.inspectContainer(id)
      expect(listed).toMatchObject({
        name,
        image: asStored,
        imageId: detail.imageId,
        state: 'running',
        labels: s.labels(),
      })
      expect(listed!.status).toMatch(/^Up /)
    })

    test('starting runs it; starting what runs does nothing', async () => {
      const id = await s.run()
      const { startedAt } = await s.engine.inspectContainer(id)
      await s.engine.startContainer(id)
      expect(await s.engine.inspectContainer(id)).toMatchObject({ state: 'running', startedAt })
    })

    test('stopping ends it; stopping what has ended does nothing', async () => {
      const id = await s.run()
      await s.engine.stopContainer(id, { timeout: 5000 })
      const { state, startedAt, finishedAt } = await s.engine.inspectContainer(id)
      expect(state).toBe('exited')
      expect(finishedAt).toBeGreaterThan(startedAt)
      await s.engine.stopContainer(id)
    })

    test('restarting starts it again, also where it has ended', async () => {
      const id = await s.run()
      const first = (await s.engine.inspectContainer(id)).startedAt
      await s.engine.restartContainer(id, { timeout: 1000 })
      const second = (await s.engine.inspectContainer(id)).startedAt
      expect(second).toBeGreaterThan(first)
      await s.engine.stopContainer(id, { timeout: 1000 })
      await s.engine.restartContainer(id)
      expect(await state(id)).toBe('running')
    })

    test('waiting gives the exit code, also of what has ended already', async () => {
      const id = await s.make({ command: exits(3) })
      await s.engine.startContainer(id)
      expect(await s.engine.waitContainer(id)).toBe(3)
      expect(await s.engine.waitContainer(id)).toBe(3)
      expect(await s.engine.inspectContainer(id)).toMatchObject({ state: 'exited', exitCode: 3 })
    })

    test('waiting for the next end is for what has yet to start', async () => {
      const id = await s.make({ command: exits(3) })
      const next = s.engine.waitContainer(id, { next: true })
      await s.engine.inspectContainer(id)
      await s.engine.startContainer(id)
      expect(await next).toBe(3)
    })

    test('a killed container ends; killing what does not run is a conflict', async () => {
      const id = await s.run()
      await s.engine.killContainer(id, 'SIGKILL')
      expect(await s.engine.waitContainer(id)).toBe(137)
      expect((await refusal(s.engine.killContainer(id, 'SIGKILL'))).reason).toBe('conflict')
    })

    test('a paused container is paused until it is not', async () => {
      const id = await s.run()
      await s.engine.pauseContainer(id)
      expect(await state(id)).toBe('paused')
      await s.engine.unpauseContainer(id)
      expect(await state(id)).toBe('running')
      expect((await refusal(s.engine.unpauseContainer(id))).reason).not.toBe('none')
    })

    test('a renamed container frees its name; a name that is taken is a conflict', async () => {
      const [before, after, other] = [s.name('before'), s.name('after'), s.name('other')]
      const id = await s.make({}, before)
      await s.make({}, other)
      await s.engine.renameContainer(id, after)
      expect((await s.engine.inspectContainer(id)).name).toBe(after)
      expect((await refusal(s.engine.renameContainer(id, other))).reason).toBe('conflict')
      await s.make({}, before)
    })

    test('what runs is removed by force only', async () => {
      const id = await s.run()
      expect((await refusal(s.engine.removeContainer(id))).reason).toBe('conflict')
      await s.engine.removeContainer(id, { force: true })
      expect((await refusal(s.engine.inspectContainer(id))).reason).toBe('not-found')
    })

    test('limits and the restart policy are changed in place', async context => {
      notOnPodman(s.engine, context, 'update answers 404 before 5.0')
      const id = await s.run({ resources: { memory: 64 << 20 } })
      await s.engine.updateContainer(id, {
        resources: { memory: 96 << 20, memory_swap: 192 << 20, cpu_shares: 512 },
        restart: { name: 'on-failure', maximum_retry_count: 4 },
      })
      const { spec } = await s.engine.inspectContainer(id)
      expect(spec).toMatchObject({ memory: 96 << 20, cpu_shares: 512, restart: 'on-failure:4' })
    })

    test('what was asked for is read back', async () => {
      const id = await s.make({
        env: ['A=1'],
        user: '1000:1000',
        working_dir: '/tmp',
        hostname: 'there',
        stop_signal: 'SIGUSR1',
        stop_timeout: 70_000,
        init: true,
        read_only: true,
        restart: { name: 'unless-stopped' },
        resources: { memory: 64 << 20, nano_cpus: 5e8, pids_limit: 50 },
        healthcheck: { test: ['CMD', 'true'], interval: 90_000, timeout: 10_000, retries: 4 },
      })
      const { spec } = await s.engine.inspectContainer(id)
      expect(spec).toMatchObject({
        user: '1000:1000',
        working_dir: '/tmp',
        hostname: 'there',
        stop_signal: 'SIGUSR1',
        stop_timeout: 70_000,
        init: true,
        read_only: true,
        restart: 'unless-stopped',
        memory: 64 << 20,
        nano_cpus: 5e8,
        pids_limit: 50,
        healthcheck: { test: ['CMD', 'true'], interval: 90_000, timeout: 10_000, retries: 4 },
      })
      expect(spec.env).toContain('A=1')
    })

    test('a passing health check makes it healthy, and an event says so', async context => {
      notOnPodman(s.engine, context, 'nothing runs health checks without systemd')
      const id = await s.make({ healthcheck: { test: ['CMD', 'true'], interval: 200, timeout: 5000, retries: 2 } })
      const events = await s.engine.events({ project: s.project })
      await s.engine.startContainer(id)
      const event = await eventually(events, e => e.id === id && e.action === 'health_status')
      expect(event.detail).toBe('healthy')
      expect((await s.engine.inspectContainer(id)).health).toMatchObject({ status: 'healthy', failingStreak: 0 })
    })

    test('a failing health check makes it unhealthy, and says what it printed', async context => {
      notOnPodman(s.engine, context, 'nothing runs health checks without systemd')
      const test = ['CMD-SHELL', 'echo not ok; exit 1']
      const id = await s.run({ healthcheck: { test, interval: 200, timeout: 5000, retries: 2 } })
      const { health } = await until(
        () => s.engine.inspectContainer(id),
        d => d.health?.status === 'unhealthy',
      )
      expect(health!.failingStreak).toBeGreaterThanOrEqual(2)
      expect(health!.log.at(-1)).toMatchObject({ exitCode: 1, output: expect.stringContaining('not ok') })
    })

    test('a container without a health check has no health', async () => {
      expect((await s.engine.inspectContainer(await s.run())).health).toBeUndefined()
    })

    test('a published port is told, and a second container cannot have it', async () => {
      const network = s.name('ports')
      await s.network(network)
      const spec = { network_mode: network, networks: [{ network }], exposed: ['80/tcp'] }
      const first = await s.run({ ...spec, ports: [{ container: '80/tcp', host_ip: '127.0.0.1', host_port: '' }] })
      const [port] = (await s.engine.inspectContainer(first)).ports
      expect(port).toMatchObject({ ip: '127.0.0.1', target: 80, protocol: 'tcp' })
      expect(port!.published).toBeGreaterThan(0)
      const listed = (await s.engine.listContainers({ project: s.project })).find(c => c.id === first)
      expect(listed!.ports).toEqual([port])
      const host_port = String(port!.published)
      const second = await s.make({ ...spec, ports: [{ container: '80/tcp', host_ip: '127.0.0.1', host_port }] })
      const { reason, message } = await refusal(s.engine.startContainer(second))
      expect({ reason, says: message.includes(host_port) }).toEqual({ reason: 'port-taken', says: true })
    })
  })
}
