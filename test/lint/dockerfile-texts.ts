import type { Texts } from '../kit/linted.ts'
import type { RuleTexts } from './rules.test.ts'

const dockerfile = (text: string, more: Readonly<Record<string, string>> = {}): Texts => ({
  'compose.yaml': 'services: {web: {build: .}}\n',
  Dockerfile: text,
  ...more,
})
const inline = (text: string) => `services:
  web:
    build:
      dockerfile_inline: |
${text.replaceAll(/^(?=.)/gm, '        ')}`
const staged = 'FROM app:1 AS base\nCMD «base --x»\nFROM base AS dev\nRUN y\nFROM app:1 AS last\nCMD «last»\n'
/** Two services that build one stage each of one Dockerfile. */
const targets = (file: string, ...stages: readonly string[]): Texts => ({
  'compose.yaml': `services: {${stages.map((stage, i) => `s${i}: {build: {context: ., target: ${stage}}}`).join(', ')}}\n`,
  Dockerfile: file,
})
const starting = (script: string, entrypoint = '["/start.sh"]') =>
  dockerfile(`FROM app:1\nCOPY start.sh /\nENTRYPOINT ${entrypoint}\n`, { 'start.sh': script })

/** Dockerfiles. */
export const dockerfileTexts: Readonly<Record<string, RuleTexts>> = {
  'shell-form-cmd': {
    silent: [
      dockerfile('FROM app\nCMD ["node", "app.js"]\n'),
      dockerfile('FROM app\nCMD exec node app.js\n'),
      dockerfile('FROM app AS a\nCMD x\nFROM app\nCMD ["x"]\n'),
      dockerfile('FROM app\nRUN <<EOF\nCMD x\nEOF\nCMD ["x"]\n'),
      dockerfile('FROM app AS base\nCMD x\nFROM base\nCMD ["x"]\n'),
      inline('FROM app\nCMD ["node", "app.js"]\n'),
      targets('FROM app AS a\nCMD ["x"]\nFROM app\nCMD x\n', 'a', '"0"'),
    ],
    remarks: [
      dockerfile('FROM app\nCMD «node app.js»\n'),
      dockerfile('FROM app\ncmd «a && b»\n'),
      dockerfile('FROM app\n# the command\nCMD «node \\\n  # here\n  app.js»\n'),
      inline('FROM app\n\nRUN x\nCMD «node app.js»\n'),
      `${inline('FROM app\nCMD «node app.js»\n')}    image: web\n`,
      inline('FROM app\nRUN echo $${HOME} && \\\n    y\nCMD «a $$HOME b»\n'),
      // A text that is no block is underlined as a whole.
      'services: {web: {build: {dockerfile_inline: «"FROM app\\nCMD node app.js"»}}}\n',
      targets(staged, 'dev', 'last'),
      targets(staged.replace('«last»', '["last"]'), 'base', 'DEV'),
      targets(staged.replace('«base --x»', 'base --x'), 'last'),
      targets(staged.replace('«base --x»', 'base --x'), 'no-such'),
    ],
  },
  'shell-form-entrypoint': {
    silent: [dockerfile('FROM app\nENTRYPOINT ["x"]\n'), dockerfile('FROM app\nENTRYPOINT exec x\n')],
    remarks: [dockerfile('FROM app\nENTRYPOINT «node app.js»\n')],
  },
  'copy-before-install': {
    silent: [
      dockerfile('FROM node:22\nCOPY package.json ./\nRUN npm ci\nCOPY . .\n'),
      dockerfile('FROM node:22\nCOPY --from=x . .\nRUN npm ci\n'),
      dockerfile('FROM node:22\nCOPY . .\nRUN npm run build\n'),
    ],
    remarks: [
      dockerfile('FROM node:22\n«COPY . .»\nRUN npm ci\n'),
      dockerfile('FROM python:3\n«COPY ./ /app/»\nRUN pip install -r r.txt\n'),
    ],
  },
  'no-dockerignore': {
    silent: [
      dockerfile('FROM app\nCOPY . .\n'),
      dockerfile('FROM app\nCOPY . .\n', { '.env': 'A=1', '.dockerignore': '.env' }),
      dockerfile('FROM app\nCOPY src .\n', { '.env': 'A=1' }),
      dockerfile('FROM app\nCOPY --from=b . .\n', { '.env': 'A=1' }),
    ],
    remarks: [dockerfile('FROM app\n«COPY . .»\n', { '.env': 'A=1', '.git/HEAD': '' })],
  },
  'secret-in-arg-env': {
    silent: [
      dockerfile('FROM app\nARG VERSION=1\nENV PUBLIC_KEY=x TOKEN_FILE=/x\n'),
      dockerfile('FROM app\nRUN --mount=type=secret,id=token x\n'),
    ],
    remarks: [dockerfile('FROM app\nARG «TOKEN»\nENV A=1 «API_KEY»=x\nENV «DB_PASSWORD» x\n')],
  },
  'final-user-root': {
    silent: [
      dockerfile('FROM app\nUSER 1000\n'),
      dockerfile('FROM app\nUSER root\nRUN x\nUSER app\n'),
      dockerfile('FROM app\n'),
    ],
    remarks: [dockerfile('FROM app\n«USER root»\nCMD ["x"]\n'), dockerfile('FROM app\n«USER 0:0»\n')],
  },
  'base-latest': {
    silent: [
      dockerfile('FROM node:22 AS build\nFROM build\n'),
      dockerfile('FROM scratch\n'),
      dockerfile('ARG V=1\nFROM app:$V\n'),
      dockerfile('FROM app@sha256:abc\n'),
    ],
    remarks: [dockerfile('FROM «node»\n'), dockerfile('FROM --platform=linux/amd64 «host:5000/app:latest» AS x\n')],
  },
  'add-for-copy': {
    silent: [
      dockerfile('FROM app\nCOPY a /b\n'),
      dockerfile('FROM app\nADD https://example.org/a /b\n'),
      dockerfile('FROM app\nADD a.tar.gz /b\n'),
    ],
    remarks: [dockerfile('FROM app\n«ADD» app.conf /etc/\n')],
  },
  'workdir-relative': {
    silent: [
      dockerfile('FROM app\nWORKDIR /app\nWORKDIR sub\n'),
      dockerfile('FROM app\nWORKDIR $HOME/app\n'),
      dockerfile('FROM app\nWORKDIR "/my app"\n'),
    ],
    remarks: [dockerfile('FROM app\nWORKDIR «app»\n')],
  },
  'entrypoint-no-exec': {
    silent: [
      starting('#!/bin/sh\nsetup\nexec "$@"\n'),
      starting('#!/bin/sh\ntrap stop TERM\nserver\n'),
      dockerfile('FROM app\nENTRYPOINT ["/start.sh"]\n'),
      dockerfile('FROM app\nENTRYPOINT ["app"]\n'),
    ],
    remarks: [starting('#!/bin/sh\nnpm start\n# done\n', '["/«start.sh»"]')],
  },
  'script-crlf': {
    silent: [starting('#!/bin/sh\nexec x\n'), dockerfile('FROM app\nENTRYPOINT ["/start.sh"]\n')],
    remarks: [
      starting('#!/bin/sh\r\nexec x\r\n', '["/«start.sh»"]'),
      starting('\uFEFF#!/bin/sh\nexec x\n', '["/«start.sh»"]'),
    ],
  },
}
