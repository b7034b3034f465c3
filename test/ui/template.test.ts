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
  ['{{if and (eq .State "running") (not .Health)}}runs{{end}}', 'runs'],
  ['{{join (split .Name "-") "+"}}', 'shop+web+1'],
  ['{{(index .Publishers 1).URL}}', '::'],
  ['{{range $i, $p := .Publishers}}{{$i}}={{$p.PublishedPort}} {{end}}', '0=80 1=81 '],
  ['{{range $p := .Publishers}}{{$p.PublishedPort}}{{$.State}} {{end}}', '80running 81running '],
  ['{{$x := .Name}}{{range .Tags}}{{$x}}/{{.}} {{end}}', 'shop-web-1/a shop-web-1/b '],
  ['{{with .State}}<{{.}}>{{else}}none{{end}}{{with .Health}}<{{.}}>{{else}}none{{end}}', '<running>none'],
  ['{{.Name | printf "%-12s|%%" | upper}}', 'SHOP-WEB-1  |%'],
  ['{{printf "%03d|%.2f|%x|%s" 7 1 255}}', '007|1.00|ff|%!s(MISSING)'],
  ['{{printf "%s %5d %q %v" .Name .ExitCode .State .Tags}}', 'shop-web-1     0 "running" [a b]'],
  ['{{slice .Name 5 8}} {{len .Tags}} {{len .Name}}', 'web 2 10'],
  ['{{if gt (len .Publishers) 1}}many{{end}}{{if le .ExitCode 0}} well{{end}}', 'many well'],
  ['{{.Publishers}} {{.Tags}}', '[{0.0.0.0 80} {:: 81}] [a b]'],
  ['{{print .State `}}` true}}', 'running }} true'],
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
  '{{if (.Name}}x{{end}}',
  '{{if .Name)}}x{{end}}',
  '{{$x}}',
  '{{.Name .State}}',
  '{{.Name | .State}}',
  '{{eq .Name =}}',
  '{{}}',
  '{{.Label}}',
  '{{"\\x"}}',
  '{{else}}',
  '{{if .Name}}a{{else}}b{{else}}c{{end}}',
  '{{define "x"}}{{end}}',
])('%s is refused with what there is', text => {
  expect(() => template(text)(row)).toThrow(UserError)
})

test('a table has headings of its fields', () => {
  expect(formatted('table {{.Name}}\\t{{.ExitCode}}', [row], { Name: 'NAME' })).toBe(
    'NAME         EXIT CODE\nshop-web-1   0\n',
  )
})

test('a heading is the same however its column is written', () => {
  const format =
    'table {{upper .State}}\t{{json .Name}}\t{{truncate .Health 3}}\t{{.Label "a.cost-center"}}\t{{(index .Publishers 0).URL}}'
  expect(formatted(format, [], {})).toBe('STATE     NAME      HEALTH    cost center   URL\n')
})

test('docker’s "raw" is refused, not printed', () => {
  expect(() => formatted('raw', [row], {})).toThrow('invalid value for --format: "raw"')
})

test('without "table" it is a line a row', () => {
  expect(formatted('{{.Name}}', [row, row], {})).toBe('shop-web-1\nshop-web-1\n')
})

test.each(['{{pad .Name 0 9999999999}}', '{{pad .Name -1 0}}', '{{printf "%999999999s" .Name}}'])(
  'what cannot be held is a mistake of the template, not ours: %s',
  text => {
    expect(() => template(text)(row)).toThrow('template parsing error: ')
  },
)

test('a field is one of the row’s own', () => {
  expect(() => template('{{.constructor}}')(row)).toThrow('there is no field "constructor"')
  expect(template('{{index . "constructor"}}')(row)).toBe('')
})
