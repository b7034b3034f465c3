import { expect, test } from 'vitest'
import { lineOf, lineSpan } from '../../../../src/engine/docker/buildkit/dockerfile-lines.ts'

const text = `ARG BASE
FROM $BASE AS first
# a comment
WORKDIR /app
ENV NOT=counted
RUN make \\
    # within it
    && make install

FROM first
COPY a /a
RUN echo a

FROM --platform=linux/amd64 scratch AS Last
ADD b /b
`

test.each<[string, number | undefined]>([
  ['[first 1/3] FROM docker.io/library/busybox', 2],
  ['[first 2/3] WORKDIR /app', 4],
  ['[first 3/3] RUN make     && make install', 6],
  ['[stage-1 1/2] COPY a /a', 11],
  ['[stage-1 2/2] RUN echo a', 12],
  ['[last 1/1] ADD b /b', 15],
  ['[2/3] WORKDIR /app', 4],
  ['[nowhere 2/3] WORKDIR /app', undefined],
  ['[first 2/3] RUN make', undefined],
  ['[internal] load build context', undefined],
])('%s is on line %s', (step, line) => {
  expect(lineOf(text, step)).toBe(line)
})

test('a line is underlined without what it is indented by', () => {
  const span = lineSpan({ filename: 'Dockerfile', text: 'FROM a\n  RUN b  \n' }, 2)!
  expect(span.source.text.slice(span.start, span.end)).toBe('RUN b')
  expect(lineSpan({ filename: 'Dockerfile', text: 'FROM a' }, 9)).toBeUndefined()
})
