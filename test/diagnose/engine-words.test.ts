import { expect, test } from 'vitest'
import type { Failure } from '../../src/diagnose/scene.ts'
import type { ContainerSummary } from '../../src/engine/engine.ts'
import { aSubject, codesOf, diagnosed } from '../kit/subject.ts'

const runtime =
  'failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: '
const init = `${runtime}unable to start container process: error during container init: `
const network = 'failed to set up container networking: '
const endpoint = `${network}driver failed programming external connectivity on endpoint shop-web-1 (1f2e): `

/** Words of Docker 28.5 (and 20.10 where they differ), and what they stand for. */
const words: readonly (readonly [said: string, code: string, doing?: Failure['doing']])[] = [
  [`${init}exec: "nosuchprog": executable file not found in $PATH`, 'exit-127-not-found'],
  [
    'failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "nosuchprog": executable file not found in $PATH: unknown',
    'exit-127-not-found',
  ],
  [`${init}exec: "/app/run.sh": stat /app/run.sh: no such file or directory`, 'exit-127-not-found'],
  [`${init}exec: "echo a && echo b": executable file not found in $PATH`, 'one-string-command'],
  [`${init}exec: "/s/run.sh": permission denied`, 'entrypoint-not-executable'],
  [`${init}exec: "/etc": is a directory: permission denied`, 'entrypoint-not-executable'],
  ['unable to find user nosuchuser: no matching entries in passwd file', 'bad-user'],
  [
    `${endpoint}failed to bind host port for 0.0.0.0:18099:10.0.0.2:80/tcp: address already in use`,
    'port-taken-by-process',
  ],
  [
    `${endpoint}Error starting userland proxy: listen tcp4 0.0.0.0:18099: bind: address already in use`,
    'port-taken-by-process',
  ],
  [
    `${endpoint}failed to bind host port for 192.0.2.55:18071:10.0.0.2:80/tcp: cannot assign requested address`,
    'port-address-missing',
  ],
  ['conflicting options: port publishing and the container type network mode', 'netns-ports-refused', 'create'],
  ['cannot join network namespace of a non running container: container shop-vpn-1 is exited', 'netns-owner-gone'],
  ['joining network namespace of container: No such container: 1f2e3d', 'netns-owner-gone'],
  [
    'Conflict. The container name "/shop-web-1" is already in use by container "1f2e3d4c5b6a". You have to remove (or rename) that container to be able to reuse that name.',
    'name-conflict',
    'create',
  ],
  [
    'failed to create network shop_default: Error response from daemon: all predefined address pools have been fully subnetted',
    'network-pool-exhausted',
    'network',
  ],
  [
    'could not find an available, non-overlapping IPv4 address pool among the defaults to assign to the network',
    'network-pool-exhausted',
    'network',
  ],
  ['invalid pool request: Pool overlaps with other one on this address space', 'subnet-overlap', 'network'],
  [`${network}Address already in use`, 'static-ip'],
  ['no configured subnet or ip-range contain the IP address 10.99.1.5', 'static-ip'],
  ['user specified IP address is supported only when connecting to networks with user configured subnets', 'static-ip'],
  ['network nosuch declared as external, but could not be found', 'external-missing', 'network'],
  [
    `${endpoint}Unable to enable DNAT rule:  (iptables failed: iptables: No chain/target/match by that name.)`,
    'firewall-chains-gone',
  ],
  ['invalid mount config for type "bind": bind source path does not exist: /srv/none', 'bind-source-missing', 'create'],
  [
    `${init}error mounting "/srv/a.conf" to rootfs at "/etc/a.conf": mount src=/srv/a.conf, dst=/etc/a.conf: not a directory: Are you trying to mount a directory onto a file (or vice-versa)? Check if the specified host path exists and is the expected type`,
    'mount-type-mismatch',
  ],
  ["invalid mount path: 'relative/path' mount path must be absolute", 'mount-path-relative', 'create'],
  ["invalid mount path: 'v:/x' mount path must be absolute", 'mount-path-relative', 'create'],
  ['write /var/lib/docker/overlay2/1f-init/x: no space left on device', 'disk-full', 'create'],
  [
    "error while mounting volume '/var/lib/docker/volumes/v/_data': failed to mount local volume: mount /nosuch/dir:/x: no such file or directory",
    'volume-mount-failed',
  ],
  ['error looking up volume plugin nosuchdriver: plugin "nosuchdriver" not found', 'volume-mount-failed', 'create'],
  [
    `${init}error setting rlimits for ready process: error setting rlimit type 7: operation not permitted`,
    'rlimit-refused',
  ],
  ['Minimum memory limit allowed is 6MB', 'limit-impossible', 'create'],
  ['range of CPUs is from 0.01 to 2.00, as there are only 2 CPUs available', 'limit-impossible', 'create'],
  ['Requested CPUs are not available - requested 9, available: 0-1', 'limit-impossible', 'create'],
  ['Minimum memoryswap limit should be larger than memory limit, see usage', 'limit-impossible', 'create'],
  [`${runtime}sysctl "vm.max_map_count" is not in a separate kernel namespace`, 'sysctl-refused'],
  [
    `${init}open sysctl net.core.nosuch file: unsafe procfs detected: openat2 fsmount:fscontext:proc/./sys/net/core/nosuch: no such file or directory`,
    'sysctl-refused',
  ],
  [
    'error gathering device information while adding custom device "/dev/nosuch": no such file or directory',
    'device-missing',
  ],
  ['could not select device driver "nvidia" with capabilities: [[gpu]]', 'gpu-missing'],
  ['could not select device driver "" with capabilities: [[gpu]]', 'gpu-missing'],
  ['unknown or invalid runtime name: nvidia', 'runtime-unknown', 'create'],
  [
    'failed to create task for container: failed to initialize logging driver: dial tcp 127.0.0.1:24224: connect: connection refused',
    'log-driver-failed',
  ],
  ["unknown log opt 'max-sise' for json-file log driver", 'log-driver-failed', 'create'],
  [
    "invalid restart policy: unknown policy 'never'; use one of 'no', 'always', 'on-failure', or 'unless-stopped'",
    'restart-policy-invalid',
    'create',
  ],
  ['manifest for localhost:5000/none:2 not found: manifest unknown: manifest unknown', 'image-not-found', 'pull'],
  ['No such image: shop/api:2', 'image-not-found', 'create'],
  ['no basic auth credentials', 'auth-required', 'pull'],
  ['unauthorized: authentication required', 'auth-required', 'pull'],
  [
    "pull access denied for shop/api, repository does not exist or may require 'docker login': denied: requested access to the resource is denied",
    'auth-required',
    'pull',
  ],
  ['invalid reference format: repository name (library/Nginx) must be lowercase', 'image-name-invalid', 'pull'],
  ['invalid reference format', 'image-name-invalid', 'create'],
  ['no matching manifest for linux/amd64 in the manifest list entries', 'manifest-no-platform', 'pull'],
  [
    'image with reference busybox was found but its platform (linux/amd64) does not match the specified platform (linux/arm64)',
    'manifest-no-platform',
    'create',
  ],
  [
    'Get "https://registry.invalid/v2/": dial tcp: lookup registry.invalid on 127.0.0.53:53: no such host',
    'registry-unreachable',
    'pull',
  ],
  ['Get "http://localhost:5999/v2/": dial tcp [::1]:5999: connect: connection refused', 'registry-unreachable', 'pull'],
  [
    'failed to solve: failed to compute cache key: failed to calculate checksum of ref 5f::8x: "/f.txt": not found',
    'build-copy-missing',
    'build',
  ],
  [
    'failed to solve: process "/bin/sh -c exit 3" did not complete successfully: exit code: 3',
    'build-step-failed',
    'build',
  ],
  ["The command '/bin/sh -c exit 3' returned a non-zero code: 3", 'build-step-failed', 'build'],
  ['failed to read dockerfile: open Dockerfile: no such file or directory', 'build-input-missing', 'build'],
  ['target stage "nope" could not be found', 'build-input-missing', 'build'],
  ['dockerfile parse error on line 2: unknown instruction: RUNN (did you mean RUN?)', 'build-input-missing', 'build'],
  ['secret nosuch: not found', 'build-input-missing', 'build'],
  ['unauthorized', 'auth-required', 'pull'],
  ['denied', 'auth-required', 'pull'],
  ['received unexpected HTTP status: 503 Service Unavailable', 'registry-unreachable', 'pull'],
  ['toomanyrequests: You have reached your pull rate limit', 'registry-unreachable', 'pull'],
  ['Get "https://10.0.0.9:5000/v2/": http: server gave HTTP response to HTTPS client', 'registry-unreachable', 'pull'],
  ['image "a:1" is not there for linux/arm64, but for linux/amd64', 'manifest-no-platform', 'pull'],
  ['"missing.txt" is not in the build context', 'build-copy-missing', 'build'],
  ['lstat /nosuch: no such file or directory', 'build-copy-missing', 'build'],
  ['lstat /var/lib/docker/overlay2/c2f8/merged/nosuch: no such file or directory', 'build-copy-missing', 'build'],
  [
    'failed to solve: process "/bin/sh -c make" did not complete successfully: exit code: 2',
    'build-step-failed',
    'build',
  ],
  [
    'process "/bin/sh -c id" did not complete successfully: unable to find user nosuch: no matching entries in passwd file',
    'build-step-failed',
    'build',
  ],
  ['executor failed running [/bin/sh -c exit 3]: exit code: 3', 'build-step-failed', 'build'],
  ['unknown instruction: RUNN', 'build-input-missing', 'build'],
  ['file with no instructions', 'build-input-missing', 'build'],
  [
    'COPY requires at least two arguments, but only one was provided. Destination could not be determined',
    'build-input-missing',
    'build',
  ],
  ['the Dockerfile "/srv/app/Dockerfile.prod" does not exist', 'build-input-missing', 'build'],
  ['unable to prepare context: path "/srv/app" not found', 'build-input-missing', 'build'],
  ['secret tok not found: not found', 'build-input-missing', 'build'],
  ['rpc error: code = NotFound desc = no SSH agent was given for "default"', 'build-input-missing', 'build'],
  ['Get "http://127.0.0.1:1/x.tgz": dial tcp 127.0.0.1:1: connect: connection refused', 'build-input-missing', 'build'],
  [
    'failed to do request: Head "http://127.0.0.1:1/v2/nosuch/manifests/1": dial tcp 127.0.0.1:1: connect: connection refused',
    'registry-unreachable',
    'build',
  ],
  [
    'two: failed to resolve source metadata for docker.io/library/two:latest: failed to do request: Head "https://registry-1.docker.io/v2/library/two/manifests/latest": dial tcp: lookup registry-1.docker.io on 10.0.0.2:53: no such host',
    'registry-unreachable',
    'build',
  ],
  ['127.0.0.1:5000/shop/app:9: not found', 'image-not-found', 'build'],
  [
    'shop/app:9: failed to resolve source metadata for docker.io/shop/app:9: pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed',
    'auth-required',
    'build',
  ],
  ['failed to parse stage name "busybox:": invalid reference format', 'image-name-invalid', 'build'],
]

for (const [said, code, doing = 'start'] of words)
  test(`${code}: ${said}`, () => {
    const subject = aSubject(
      doing === 'start'
        ? { container: { state: 'created', startedAt: 0, exitCode: 127, error: said } }
        : { failure: { doing, message: said } },
    )
    expect(codesOf(subject, { services: { web: {} } })).toEqual([code])
  })

const holder = (labels: Readonly<Record<string, string>>): ContainerSummary => ({
  id: 'other',
  name: 'blog-db-1',
  image: 'x',
  imageId: 'x',
  command: '',
  created: 0,
  state: 'running',
  status: 'Up',
  labels,
  ports: [{ ip: '0.0.0.0', target: 80, published: 18098, protocol: 'tcp' }],
  networks: [],
  mounts: [],
})

const allocated = aSubject({
  container: {
    state: 'created',
    startedAt: 0,
    exitCode: 128,
    error: `${endpoint}Bind for 0.0.0.0:18098 failed: port is already allocated`,
  },
})

test('a port that another project’s container holds is told with that container', () => {
  const neighbours = [holder({ 'com.docker.compose.project': 'blog', 'com.docker.compose.service': 'db' })]
  expect(codesOf(allocated, { services: { web: {} }, neighbours })).toEqual(['port-taken'])
})

test('a port that the service’s own twin holds is another matter', () => {
  const neighbours = [holder({ 'com.docker.compose.project': 'shop', 'com.docker.compose.service': 'web' })]
  expect(codesOf(allocated, { services: { web: {} }, neighbours })).toEqual(['port-fixed-scaled'])
})

test.each([
  'Bind for 0.0.0.0:8080 failed: port is already allocated',
  'Bind for :::8080 failed: port is already allocated',
  'Error starting userland proxy: listen tcp4 127.0.0.1:8080: bind: address already in use',
  'failed to bind host port 0.0.0.0:8080/tcp: address already in use',
  'failed to bind host port for 127.0.0.1:8080:172.18.0.2:80/tcp: address already in use',
  'failed to bind host port for [::]:8080:[fd00::2]:80/tcp: address already in use',
])('the port of the host is the one that is taken: %s', error => {
  const subject = aSubject({ container: { state: 'created', startedAt: 0, exitCode: 128, error } })
  expect(diagnosed([subject], { services: { web: {} } }).findings[0]?.message).toBe(
    '"web" did not start: port 8080 is taken by a program of the engine\'s host, not by a container',
  )
})
