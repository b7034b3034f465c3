import { expect, test } from 'vitest'
import { UserError } from '../../src/text/problem.ts'
import { formatted, template } from '../../src/ui/template.ts'

const row = {
  Name: 'shop-web-1',
  State: 'running',
  Health: '',
  ExitCode: 0,
  Publishers: [
    { URL: '0.0.0.0', PublishedPort: 80 },
    { URL: '::', PublishedPort: 81 },
  ],
  Tags: ['a', 'b'],
  Labels: 'tier=front,owner=me',
}

test.each([
  ['{{.Name}}:{{.State}}', 'shop-web-1:running'],
  ['{{ .Name | upper }}', 'SHOP-WEB-1'],
  ['{{upper .Name}}', 'SHOP-WEB-1'],
  ['{{json .Publishers}}', '[{"URL":"0.0.0.0","PublishedPort":80},{"URL":"::","PublishedPort":81}]'],
  ['{{if .Health}}{{.Health}}{{else}}none{{end}}', 'none'],
  ['{{range .Publishers}}{{.PublishedPort}} {{end}}', '80 81 '],
  ['{{join .Tags ","}}', 'a,b'],
  ['{{.Tags | json | upper}}', '["A","B"]'],
  ['{{"{{"}}{{.Name}}', '{{shop-web-1'],
  ['{{/* nothing */}}x', 'x'],
  ['{{if .Tags}}{{range .Tags}}<{{.}}>{{end}}{{end}}', '<a><b>'],
  ['{{if eq .State "exited"}}over{{else if eq .Name "x"}}x{{else if .Tags}}tags{{else}}none{{end}}.', 'tags.'],
  ['{{if eq .State "exited"}}over{{else if .Health}}well{{else}}none{{end}}{{.ExitCode}}', 'none0'],
  ['{{if not .Health}}no check{{end}}', 'no check'],
  ['{{or .Health "none"}}', 'none'],
  ['{{.Label "tier"}}/{{.Label "nosuch"}}', 'front/'],
  ['{{index .Tags 1}}', 'b'],
  ['{{truncate .Name 4}}', 'shop'],
  ['{{pad .State 1 2}}|', ' running  |'],
  ['a {{- .State -}} b', 'arunningb'],
])('%s gives %s', (text, result) => {
  expect(template(text)(row)).toBe(result)
})

test.each([
  '{{.Nosuch}}',
  '{{nosuch .Name}}',
  '{{.Name',
  '{{if .Name}}',
  '{{end}}',
  '{{Name}}',
  '{{if (.Name)}}x{{end}}',
  '{{$x := .Name}}',
])('%s is refused with what there is', text => {
  expect(() => template(text)(row)).toThrow(UserError)
})

test('a table has headings of its fields', () => {
  expect(formatted('table {{.Name}}\\t{{.ExitCode}}', [row], { Name: 'NAME' })).toBe(
    'NAME         EXIT CODE\nshop-web-1   0\n',
  )
})

test('without "table" it is a line a row', () => {
  expect(formatted('{{.Name}}', [row, row], {})).toBe('shop-web-1\nshop-web-1\n')
})
