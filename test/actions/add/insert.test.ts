import { describe, expect, test } from 'vitest'
import { inserted } from '../../../src/actions/add/insert.ts'

const recipe = `services:
  db:
    image: postgres:17
    # from this machine
    volumes:
      - db-data:/data
volumes:
  db-data:
`

const into = (text: string) => inserted({ name: 'compose.yaml', text }, recipe)

describe('what is added stands', () => {
  test('at the end of its section, with a section made where there is none', () => {
    expect(into('services:\n  web:\n    image: nginx\n')).toBe(`services:
  web:
    image: nginx

  db:
    image: postgres:17
    # from this machine
    volumes:
      - db-data:/data

volumes:
  db-data:
`)
  })

  test('with comments and layout left as they are, those at the end of a section above it', () => {
    const before = `# shop
services:   # all of them

  web:
      image:   nginx   # new
  # api:
  #   image: api

# what is kept
volumes:
  web-data:  # pages
# the end
`
    expect(into(before)).toBe(`# shop
services:   # all of them

  web:
      image:   nginx   # new
  # api:
  #   image: api

  db:
      image: postgres:17
      # from this machine
      volumes:
          - db-data:/data

# what is kept
volumes:
  web-data:  # pages
  db-data:
# the end
`)
  })

  test('with the file’s indentation', () => {
    expect(into('services:\n    web:\n        image: nginx\n')).toContain('\n    db:\n        image: postgres:17\n')
    expect(into('services:\n web:\n  image: nginx\n')).toContain('\n db:\n  image: postgres:17\n')
  })

  test('without a blank line where the file has none between services', () => {
    expect(into('services:\n  a: { image: a }\n  b: { image: b }\n')).toContain('b: { image: b }\n  db:\n')
  })

  test('with the file’s line ends, and a line end where the last line has none', () => {
    const windows = into('services:\r\n  web:\r\n    image: nginx\r\n')
    expect(windows.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
    expect(into('services:\n  web:\n    image: nginx')).toContain('image: nginx\n\n  db:\n')
  })

  test('in sections that are empty', () => {
    expect(into('services:\n  web: { image: a }\nvolumes: {} # none\n')).toContain('volumes: # none\n  db-data:\n')
    expect(into('volumes:\nservices:\n  web: { image: a }\n')).toMatch(/^volumes:\n {2}db-data:\nservices:\n/)
    expect(into('services:\n  web: { image: a }\nvolumes: null\n')).toMatch(/volumes: ?\n {2}db-data:\n$/)
  })

  test('in braces where the file has braces', () => {
    expect(into('services: { web: { image: a } }\n')).toBe(
      'services: { web: { image: a }, "db":{"image":"postgres:17","volumes":["db-data:/data"]} }\n\nvolumes:\n  db-data:\n',
    )
    expect(JSON.parse(into('{"services": {"web": {"image": "a"}}}'))).toEqual({
      services: { web: { image: 'a' }, db: { image: 'postgres:17', volumes: ['db-data:/data'] } },
      volumes: { 'db-data': null },
    })
  })

  test('behind anchors and merges', () => {
    const before = 'x-a: &a\n  restart: always\nservices:\n  web:\n    <<: *a\n    image: nginx\n'
    expect(into(before)).toContain('image: nginx\n\n  db:\n    image: postgres:17\n')
  })

  test('behind a text of several lines', () => {
    const before = 'services:\n  web:\n    image: a\n    command: |\n      one\n\n      two\nvolumes:\n  a:\n'
    expect(into(before)).toContain('      two\n\n  db:\n')
  })
})

describe('refused, with the reason', () => {
  test('a name that is there, and where', () => {
    expect(() => into('services:\n  db: { image: a }\n')).toThrow('there is a service "db" already')
    expect(() => into('services:\n  a: { image: a }\nvolumes:\n  db-data:\n')).toThrow(
      'there is a volume "db-data" already',
    )
  })

  test('a section that is an alias, several documents', () => {
    expect(() => into('x: &x\n  a: { image: a }\nservices: *x\n')).toThrow('"services" is an alias')
    expect(() => into('services:\n  a: { image: a }\n---\nvolumes: {}\n')).toThrow('it holds several documents')
  })
})
